"""How long ago something was, for people."""


def age_text(seconds: int) -> str:
    """As in `3 min`: the largest unit of which there are two at least."""
    for name, length in (("days", 86400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {name}"
    return f"{seconds} s"
