"""How a question to a provider is worded."""
