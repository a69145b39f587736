"""The pages of the clinic: for its staff, and for patients by a personal link."""
