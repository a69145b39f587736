"""Definitions as queries that DuckDB runs."""
