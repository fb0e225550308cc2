"""What lists hold: which rows, narrowed to what, in which order, with which columns."""
