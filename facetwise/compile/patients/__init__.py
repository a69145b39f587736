"""Policies as SQL over tables of patients' records."""
