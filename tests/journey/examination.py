"""Asking the doctor: the running app, or the command line with the running stack's settings."""

import json
import os
import subprocess
import sys
from typing import Any

import requests

from tests.journey.sign_up import SECONDS
from tests.lists.conftest import sample_settings
from tests.running_stack import ROOT, Stack


def asked_of_the_app(stack: Stack, detail: str = "all") -> requests.Response:
    url = f"{stack.functions}/api/ready"
    return requests.get(url, params={"detail": detail}, timeout=4 * SECONDS)


def looked_at_here(stack: Stack, *groups: str, **changes: str) -> dict[str, dict[str, Any]]:
    """`doi doctor` with the stack's settings, some of them changed; checks by name."""
    host, _, port = stack.smtp.partition(":")
    settings = sample_settings() | {
        "AzureWebJobsStorage": stack.azurite,
        "DOI_PUBLIC_URL": stack.functions,
        "FORM_WEBSITE_URL": stack.website,
        "DATAVERSE_URL": stack.dataverse,
        "IDENTITY_ENDPOINT": f"{stack.dataverse}/msi/token",
        "LINKEDIN_API_URL": stack.linkedin,
        "LINKEDIN_OAUTH_URL": stack.linkedin,
        "SMTP_HOST": host,
        "SMTP_PORT": port,
    }
    only = [word for group in groups for word in ("--only", group)]
    ended = subprocess.run(  # noqa: S603 - the project's own command
        [sys.executable, "-m", "cli", "doctor", "--json", *only],
        cwd=ROOT,
        env=os.environ | settings | changes,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=4 * SECONDS,
        check=False,
    )
    listed = json.loads(ended.stdout)
    wrong = any(each["state"] in {"missing", "unknown"} for each in listed)
    assert ended.returncode == int(wrong), ended.stderr
    return {each["check"]: each for each in listed}


def faults(checks: dict[str, dict[str, Any]]) -> list[str]:
    return [name for name, one in checks.items() if one["state"] in {"missing", "unknown"}]
