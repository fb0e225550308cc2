"""Judging a case: who may and until when, what they see of it, and which cases are alike.

``judges`` says who coded what a case is about; ``blind`` what a supervisor sees before their own code; ``alike`` which
cases one ruling can settle together, and what was ruled before; ``rebuttals`` until when a coder can object.
"""
