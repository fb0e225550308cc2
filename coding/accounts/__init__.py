"""Accounts: roles that watch each other, links to a password, places of sign-in, what people and the trail learn."""
