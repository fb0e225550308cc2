"""Encounters in FHIR R4 bundles, as JSON and NDJSON."""
