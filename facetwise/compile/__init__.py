"""Definitions and policies as SQL, with the same meaning: what all engines share."""
