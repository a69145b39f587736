"""Hospital activity: layouts, reading, normalising, sieving, synthetic spells."""
