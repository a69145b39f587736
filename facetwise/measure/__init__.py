"""Counts, flow, near misses and differences of definitions over hospital activity."""
