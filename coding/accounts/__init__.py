"""Accounts: where people sign in from, what they are told of it, and how the trail learns what allauth does."""
