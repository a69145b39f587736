"""Each denervation of a patient's hospital history, judged on its own day by a policy."""
