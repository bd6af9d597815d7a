"""local.settings.json, and the settings that depend on where the parts of this stack listen."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING

from local.stack.addresses import HOST, Addresses, url
from local.stack.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from local.stack.python_environment import PythonEnvironment


def make_local_settings(settings: Path, sample: Path) -> bool:
    """Copy the sample where the file is missing; never overwrite what a person may have changed.

    True where the file was made. Raises Problem where the sample is missing too.
    """
    if settings.exists():
        return False
    if not sample.exists():
        raise Problem(f"{settings.name} is missing and so is {sample.name}, its model.")
    # Another stack that starts at the same time finds it whole or not at all.
    unfinished = settings.with_name(f"{settings.name}.{os.getpid()}")
    shutil.copyfile(sample, unfinished)
    unfinished.replace(settings)
    return True


def part_environment(
    addresses: Addresses, python: PythonEnvironment, inherited: Mapping[str, str]
) -> dict[str, str]:
    """The environment of every part; both functions hosts let it win over local.settings.json."""
    search_path = os.pathsep.join([str(python.scripts), inherited.get("PATH", "")])
    return {
        **inherited,
        # what activating the environment does: Core Tools take the `python` they find first
        "PATH": search_path,
        "VIRTUAL_ENV": str(python.folder),
        "PYTHONUNBUFFERED": "1",  # log lines appear when they are written
        **_no_proxy(inherited),
        "AzureWebJobsStorage": addresses.storage,
        "DOI_PUBLIC_URL": url(addresses.functions),
        "DOI_DESK": "on",
        "FORM_WEBSITE_URL": url(addresses.website),
        "DATAVERSE_URL": url(addresses.dataverse),
        "IDENTITY_ENDPOINT": f"{url(addresses.dataverse)}/msi/token",
        "IDENTITY_HEADER": "local",
        "LINKEDIN_API_URL": url(addresses.linkedin),
        "LINKEDIN_OAUTH_URL": url(addresses.linkedin),
        "DOI_MAIL_PROVIDER": "smtp",
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(addresses.smtp),
        "SMTP_TLS": "none",
    }


def website_origins(addresses: Addresses, settings: Path) -> str:
    """What may call the functions from a browser, comma-separated as Core Tools take it.

    The demo website of this stack, and what `Host.CORS` of local.settings.json adds to it.
    """
    own = [url(addresses.website), f"http://localhost:{addresses.website}"]
    try:
        added = json.loads(settings.read_text(encoding="utf-8")).get("Host", {}).get("CORS", "")
    except (OSError, ValueError):
        added = ""  # the host itself says what is wrong with the file
    return ",".join(
        dict.fromkeys([*own, *filter(None, (part.strip() for part in added.split(",")))])
    )


def _no_proxy(inherited: Mapping[str, str]) -> dict[str, str]:
    """A company's proxy cannot reach the parts of this stack on 127.0.0.1."""
    return {
        name: ",".join(filter(None, [inherited.get(name), HOST, "localhost"]))
        for name in ("NO_PROXY", "no_proxy")
    }
