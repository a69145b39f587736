"""Disclosure control: what may leave, and what small counts are hidden or rounded."""
