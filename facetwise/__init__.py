"""Facetwise: executable guidance for radiofrequency denervation."""
