"""Policies as SQL over patients' hospital histories."""
