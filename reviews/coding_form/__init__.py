"""What the guided form shows: a view model, read from the answers and the rules. Reading it writes nothing."""
