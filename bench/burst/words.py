"""Numbers as people read them."""

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0


def duration(seconds: float | None) -> str:
    """Two figures or so: "0.42 s", "13 min", "4.3 d"; a dash where there is none."""
    if seconds is None:
        return "\N{EN DASH}"
    for length, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if seconds >= 2 * length:
            return f"{_short(seconds / length)} {unit}"
    return f"{_short(seconds)} s"


def dollars(amount: float) -> str:
    """Cents below a hundred."""
    return f"${amount:,.0f}" if amount >= 100 else f"${amount:.2f}"  # noqa: PLR2004


def _short(number: float) -> str:
    if number >= 10:  # noqa: PLR2004 - two figures
        return f"{number:.0f}"
    return f"{number:.1f}" if number >= 1 else f"{number:.2f}"
