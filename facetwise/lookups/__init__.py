"""Reference files about places: organisations, commissioning boards, populations, national episodes."""
