"""Accounts: roles that watch each other, links to a password, places of sign-in, and what people and the trail learn."""
