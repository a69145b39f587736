"""Where sources disagree: every position, and which one the leaflet takes."""
