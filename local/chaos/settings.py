"""The app's settings during the run: as in the sample, but quick to notice a dead worker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from local.stack.layout import SETTINGS_SAMPLE
from local.stack.local_settings import part_environment
from local.stack.python_environment import running_environment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.stack.addresses import Addresses

# The real host hides a fetched message for ten minutes.
INVISIBLE_SECONDS = 5
QUICK: Mapping[str, str] = {
    # Still longer than any call to the mail server or to Dataverse lasts in the run.
    "DOI_CLAIM_SECONDS": "20",
    "DOI_RETRY_FIRST_SECONDS": "1",
    "DOI_RETRY_LONGEST_SECONDS": "4",
    "DOI_MAIL_REST_SECONDS": "2",
    "DOI_PROMOTE_INLINE_SECONDS": "3",
    "AzureFunctionsJobHost__extensions__queues__visibilityTimeout": "00:00:03",
}


def chaos_environment(addresses: Addresses, inherited: Mapping[str, str]) -> dict[str, str]:
    """Complete in itself: neither local.settings.json nor the caller's settings change the run."""
    neutral = {name: value for name, value in inherited.items() if not _is_ours(name)}
    return {
        **neutral,
        **_sample(),
        **part_environment(addresses, running_environment(), neutral),
        **QUICK,
    }


def token_keys() -> list[str]:
    """The keys that sign the links."""
    return _sample()["DOI_TOKEN_KEYS"].split(",")


def _sample() -> dict[str, str]:
    values: dict[str, str] = json.loads(SETTINGS_SAMPLE.read_text(encoding="utf-8"))["Values"]
    return values


def _is_ours(name: str) -> bool:
    return name in _sample() or name.startswith(("DOI_", "FORM_", "AzureFunctionsJobHost__"))
