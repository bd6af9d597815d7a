"""The id of what was just created."""

from urllib.parse import unquote

from shared.adapters.linkedin.exchange import HttpAnswer
from shared.values.linkedin.numbers import read_whole_number


def created_id(answer: HttpAnswer) -> int | None:
    """From whichever header LinkedIn sends; None when there is none."""
    location = answer.headers.get("location", "").rstrip("/").rpartition("/")[2]
    for text in (
        answer.headers.get("x-restli-id"),
        answer.headers.get("x-linkedin-id"),
        unquote(location),
    ):
        digits = (text or "").strip().rpartition(":")[2]  # the number within a URN, too
        try:
            return read_whole_number(digits)
        except ValueError:
            continue
    return None
