"""Accounts: which roles watch each other, who needs a second administrator, and one-time links to a password."""
