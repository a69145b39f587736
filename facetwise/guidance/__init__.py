"""The library: code lists, sources, and one file per published definition."""
