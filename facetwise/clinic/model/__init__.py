"""The clinic's own part of a patient's record, and the values it is made of."""
