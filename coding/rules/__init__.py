"""Rows to pure tables and back, fact profiles, lexicons, worked cases, and what a stored note says."""
