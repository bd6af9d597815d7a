"""A website that signs people up."""

import requests

from bench.people import REGISTRATIONS, sign_up

SECONDS, ACCEPTED = 60.0, 202


def register(functions_url: str, address: str) -> None:
    """Sign up as a website does. Raises RuntimeError when that was not accepted."""
    headers = {"Content-Type": "application/json"}
    answer = requests.post(
        f"{functions_url}{REGISTRATIONS}", sign_up(address), headers=headers, timeout=SECONDS
    )
    if answer.status_code != ACCEPTED:
        raise RuntimeError(f"register: {answer.status_code}")
