"""Where each patient is, what is missing and what comes next."""
