"""The meaning: what a definition says of one row of facts."""
