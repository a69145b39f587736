"""The chapters of the leaflet."""
