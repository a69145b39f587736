"""The board's report: its data, its sections and its page."""
