"""Letters and the leaflet of one patient."""
