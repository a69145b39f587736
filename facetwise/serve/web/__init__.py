"""The clinic in a browser: pages rendered here, which work with scripts off."""
