"""Counts and rates from place to place and from month to month."""
