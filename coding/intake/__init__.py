"""Readers: bytes in, values with their places out. No ORM."""
