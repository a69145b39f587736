"""The procedure: checks before it, lesions, codes after it."""
