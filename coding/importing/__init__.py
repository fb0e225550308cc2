"""Files of encounters: stored as they came, checked item by item, imported by the chunk."""
