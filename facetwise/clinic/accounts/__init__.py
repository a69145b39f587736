"""Users of the clinic, and the links that patients are given."""
