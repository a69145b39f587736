"""After the procedure: diary, relief, alerts, repeat."""
