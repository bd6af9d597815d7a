"""Asks the functions app for a form's published description."""

from collections.abc import Mapping
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

FormDescription = Mapping[str, Any]

_TIMEOUT = ClientTimeout(total=5)


class FormUnavailable(Exception):
    """The functions app does not answer, or does not publish the form."""


async def fetch_form_description(
    session: ClientSession, functions: str, form: str
) -> FormDescription:
    """The JSON of `GET /api/forms/{form}`. Raises FormUnavailable."""
    url = f"{functions}/api/forms/{form}"
    try:
        async with session.get(url, timeout=_TIMEOUT, raise_for_status=True) as answer:
            description = await answer.json()
    except (ClientError, TimeoutError, ValueError) as error:
        raise FormUnavailable(f"{url}: {error!r}") from error
    if not isinstance(description, dict):
        raise FormUnavailable(f"{url}: not a JSON object")
    return description
