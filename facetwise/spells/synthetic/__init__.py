"""Made-up spells with known answers."""
