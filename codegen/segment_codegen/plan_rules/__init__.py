"""What a tracking plan should be beside valid: one module a rule, each of which can be waived by name."""
