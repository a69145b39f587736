"""The same meaning as SQL: plan, SQL, dialects, run."""
