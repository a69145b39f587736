"""What a definition or a policy can say: truth, code lists, facts, expressions, citations, criteria."""
