"""Definitions as queries that Spark runs."""
