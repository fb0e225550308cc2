"""Encounters in XLSX workbooks."""
