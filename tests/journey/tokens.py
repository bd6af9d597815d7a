"""Links that no mail of today contains: old ones, and ones signed with another key."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from shared.values.confirmation_token import Purpose, Token, Tokens, lasting_key
from tests.journey.inbox import mail_to
from tests.journey.person import Person
from tests.journey.sign_up import sign_up, token_of
from tests.journey.storage import make_older, wait_for_record
from tests.running_stack import ROOT, Stack

LONGER_THAN_A_LINK_LIVES = timedelta(days=4)


def keys() -> list[str]:
    """As the stack reads them, newest first."""
    return _setting("DOI_TOKEN_KEYS").split(",")


def pepper() -> str:
    """As the stack reads it."""
    return _setting("DOI_PEPPER")


def _setting(name: str) -> str:
    """The environment wins over local.settings.json."""
    values = json.loads((ROOT / "local.settings.json").read_text(encoding="utf-8"))["Values"]
    return str(os.environ.get(name, values[name]))


def waiting_token(stack: Stack, person: Person) -> Token:
    """What the token says of a registration that waits for the click."""
    registration_id = sign_up(stack, person)
    link = mail_to(stack, person.email).confirm_url
    wait_for_record(stack, registration_id, "pending")
    return Tokens(keys()).read(Purpose.CONFIRM, token_of(link))


def confirm_link(stack: Stack, token: Token, signed_with: Sequence[str] | None = None) -> str:
    signed = Tokens(signed_with or keys()).issue(Purpose.CONFIRM, token)
    return f"{stack.functions}/api/confirm?token={signed}"


def expired_link(stack: Stack, person: Person) -> str:
    """Of a registration whose only mail lies so far back and that still waits for the click."""
    token = waiting_token(stack, person)
    make_older(stack, token.key.registration_id, LONGER_THAN_A_LINK_LIVES)
    old = replace(token, issued_at=token.issued_at - LONGER_THAN_A_LINK_LIVES)
    return confirm_link(stack, old)


def link_of_a_forgotten_registration(stack: Stack, person: Person) -> str:
    """Its record is gone."""
    token = waiting_token(stack, person)
    forgotten = replace(token.key, registration_id=str(uuid4()))
    return confirm_link(stack, replace(token, key=forgotten))


def link_to_withdraw_what_is_not_confirmed(stack: Stack, person: Person) -> str:
    """The app itself makes none."""
    tokens = Tokens(keys(), lasting_key(pepper()))
    signed = tokens.issue(Purpose.WITHDRAW, waiting_token(stack, person))
    return f"{stack.functions}/api/withdraw?token={signed}"
