"""Diagnostic blocks and the response to them."""
