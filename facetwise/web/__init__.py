"""The clinic's web application. Nothing but the command line imports it."""
