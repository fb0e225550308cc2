"""What templates say of the state of reviews."""
