"""Code lists, sources, requirements that policies share, and safety conditions in words."""
