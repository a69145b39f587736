"""What a definition may say: truth, code lists, facts, expressions, citations, criteria."""
