"""Code sets and fee schedules: dated releases, the readers of their files, and look-ups."""
