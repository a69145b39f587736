"""Hospital activity: the spell, its columns in every layout, and extracts."""
