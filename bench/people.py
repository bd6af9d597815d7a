"""People who sign up: each with an address of their own."""

import json
from uuid import uuid4

DOMAIN = "bench.example.com"
FORM = "newsletter"
REGISTRATIONS = f"/api/forms/{FORM}/registrations"


def new_address() -> str:
    return f"{uuid4().hex[:16]}@{DOMAIN}"


def sign_up(address: str) -> str:
    """The JSON that a website sends."""
    body = {
        "fields": {"email": address, "firstName": "Anna", "lastName": "Lee"},
        "consents": ["newsletter"],
        "locale": "en",
        "source": {"pageUrl": "http://127.0.0.1:8080/newsletter.html", "campaign": "bench"},
    }
    return json.dumps(body)
