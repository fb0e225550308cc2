"""Encounters in X12 837P claims."""
