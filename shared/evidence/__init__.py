"""Keeping records as evidence: sealed when they are written, opened when they are read."""
