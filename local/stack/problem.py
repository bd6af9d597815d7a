"""Why dev.py cannot go on, in words for the person who started it."""


class Problem(Exception):
    """One clear sentence and what to do about it; dev.py prints it and exits with 1."""
