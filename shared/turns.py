"""Whose turn it is: a flood from one network waits, and all mails keep to the provider's quota.

Nobody is refused here. Who has to wait comes back with `TooSoon`, which uses up no attempt.
"""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from ipaddress import IPv6Address, ip_address

from shared import events
from shared.failures import TemporaryFailure, TooSoon
from shared.mail_claim import Claim
from shared.ports import Outside
from shared.values.event_catalogue import Event
from shared.values.form import Form
from shared.values.mail_rate import Lane
from shared.values.messages import RegistrationMessage
from shared.values.network import source_key
from shared.values.record_notes import MailKind


def with_slot(message: RegistrationMessage, outside: Outside) -> RegistrationMessage:
    """Count the registration for its network; unless that is a small one, it gets a slot.

    The time travels in the message, so that it is asked for once.
    """
    if message.slot is not None or message.attempt > 0:
        return message
    source = _limited_source(message.registration.asked_from, outside)
    if source is None:
        return message
    now = outside.now()
    try:
        slot = outside.throttles.source_slot(source, now)
    except TemporaryFailure:
        # Contended by a flood, or down: some time within the hour, the same for a redelivery.
        slot = now + int(message.registration.id[:8], 16) / (1 << 32) * timedelta(hours=1)
    return message.model_copy(update={"slot": slot}) if slot else message


def claim_in_its_turn(
    message: RegistrationMessage, claim: Callable[[], Claim | None], outside: Outside
) -> Claim | None:
    """Claim the mail of a registration once its slot has come. Raises like `claim_in_turn`."""
    if message.slot and message.slot > outside.now():
        raise TooSoon("source_budget", message.slot - outside.now(), instead=message)
    try:
        return claim_in_turn(Lane.LATER if message.slot else Lane.FRESH, claim, outside)
    except TooSoon as soon:
        raise TooSoon(str(soon), soon.wait, instead=message) from None


def lane_of_kind(kind: MailKind) -> Lane:
    """A reminder can wait; for a renewal somebody has just asked."""
    return Lane.LATER if kind is MailKind.REMINDER else Lane.FRESH


def claim_in_turn(lane: Lane, claim: Callable[[], Claim | None], outside: Outside) -> Claim | None:
    """Take one mail from the quota, then claim it; the quota gets back what is not needed.

    Raises TooSoon, and what `claim` raises.
    """
    wait = outside.throttles.take_mail(lane, outside.now())
    if wait is not None:
        raise TooSoon("mail_rate", wait)
    claimed = None
    try:
        claimed = claim()
    finally:
        if claimed is None:
            outside.throttles.give_mail_back(outside.now())
    return claimed


def count_for_form(message: RegistrationMessage, form: Form, outside: Outside) -> None:
    """Alarm somebody on the registration that crosses the form's daily ceiling; stop nobody."""
    if message.attempt > 0:
        return
    ceiling = form.daily_ceiling or outside.rules.form_ceiling
    with contextlib.suppress(TemporaryFailure):  # no mail waits for a counter
        count = outside.throttles.count_registration(form.id, ceiling, outside.now())
        if count is not None:
            events.alarm(
                Event.FORM_OVER_CEILING,
                message.about,
                registrations_today=count,
                ceiling=ceiling,
            )


def complain_about(address: str | None, outside: Outside) -> None:
    """The person who got the mail had not asked for it: that counts against its source."""
    source = _limited_source(address, outside)
    if source:
        with contextlib.suppress(TemporaryFailure):  # the mailbox itself is suppressed already
            outside.throttles.complain(source, outside.now())


def _limited_source(address: str | None, outside: Outside) -> str | None:
    """The keyed hash of the address's network; None for our own servers, or an unknown one."""
    if address is None:
        return None
    parsed = ip_address(address)
    plain = (parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None) or parsed
    if any(plain in network for network in outside.rules.unlimited_sources):
        return None
    return source_key(address, outside.rules.pepper)
