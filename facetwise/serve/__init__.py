"""What people and other systems touch: the command line, the report. Nothing imports it."""
