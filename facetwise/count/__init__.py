"""Counting definitions run over hospital activity: counts, differences, extracts, undercoding, the dry run."""
