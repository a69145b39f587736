"""The plain evaluator: a definition about one spell, a policy about one patient, and the whole answer."""
