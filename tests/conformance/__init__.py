"""What the language means, as programs with their outcome, and an evaluator that knows nothing of the engine."""
