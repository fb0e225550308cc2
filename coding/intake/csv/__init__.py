"""Encounters in CSV files."""
