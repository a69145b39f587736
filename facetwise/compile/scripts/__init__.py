"""Definitions and policies as SQL scripts to read and to run elsewhere."""
