"""Made-up patients at every stage, for a demonstration."""
