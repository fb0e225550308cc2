"""What this house sees of a code, for the page of the code."""
