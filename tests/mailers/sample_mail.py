"""A mail for the tests, and what identifies it."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from shared.values.mail import Mail

COMPOSED_AT = datetime(2026, 11, 22, 9, 30, 5, tzinfo=UTC)
OPERATION = "0b8f4a52-3d0e-5c1f-9a5e-6f3f0a7c2d11"
LINK = "https://doi.contoso.example/api/confirm?token=" + "eyJhIjoxLCJiIjoyfQ." * 12 + "x=="


def sample_mail(**changes: Any) -> Mail:
    """One confirmation mail; `changes` replace its parts."""
    mail = Mail(
        operation_id=OPERATION,
        message_id=f"<{OPERATION}@contoso.example>",
        sender="newsletter@contoso.example",
        sender_name="Contoso Newsletter",
        reply_to="hello@contoso.example",
        to="ada@visitor.example",
        subject="Please confirm your subscription",
        text=f"Please confirm:\n\n{LINK}\n\nContoso, Main Street 1",
        html=f'<html lang="en"><body><p>Grüße</p><a href="{LINK}">Confirm</a></body></html>',
        language="en",
        composed_at=COMPOSED_AT,
        headers={"Auto-Submitted": "auto-generated"},
    )
    return replace(mail, **changes)
