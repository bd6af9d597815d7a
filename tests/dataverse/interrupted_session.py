"""A session in which something else happens between two requests."""

from collections.abc import Callable
from typing import Any

import requests


class InterruptedSession(requests.Session):
    """Before the request whose body holds `marker` goes out, once, `meanwhile` is called."""

    def __init__(self, marker: bytes, meanwhile: Callable[[], object]) -> None:
        super().__init__()
        self._marker = marker
        self._meanwhile: Callable[[], object] | None = meanwhile

    def request(self, *arguments: Any, **options: Any) -> requests.Response:
        """As in requests."""
        if self._meanwhile is not None and self._marker in (options.get("data") or b""):
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        return super().request(*arguments, **options)
