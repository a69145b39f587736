"""What each source says, statement by statement."""
