"""A clinic: the store of its patients' records, the trail of every change, and what is done with them."""
