"""Signing again: what is signed and its hash, how a person confirms, and how a signature is shown.

The verb that writes a signature is ``coding.actions.signatures.sign``.
"""
