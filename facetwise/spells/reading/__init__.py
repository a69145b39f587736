"""Files of activity in every layout, read batch by batch."""
