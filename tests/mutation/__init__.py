"""Seeded mutants of the rooms that hold the meaning, and whether their tests notice: `make mutate`."""
