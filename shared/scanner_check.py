"""Telling a mail scanner that presses buttons from the person: who opens every link needs the code.

Nobody is locked out: the code stands in the mail, and after some minutes the button is enough.
"""

import contextlib

from shared import events
from shared.failures import TemporaryFailure
from shared.links import Link
from shared.newest import change_newest
from shared.ports import Outside, Versioned
from shared.values.confirmation_code import confirmation_code, same_code, typed_code
from shared.values.confirmation_token import Token
from shared.values.event_catalogue import Event
from shared.values.link_view import LinkState
from shared.values.network import source_key
from shared.values.record import Record
from shared.values.scanner_watch import ScannerWatch


def note_decline_opened(link: Link, address: str | None, outside: Outside) -> None:
    """Note in an unconfirmed record which network opened its decline link. Never fails.

    Written once for each network and window; a page is shown even if this was not possible.
    """
    network = source_key(address, outside.rules.pepper)
    if network is None or link.stored is None or not outside.rules.code_window:
        return
    now = outside.now()
    since = now - outside.rules.code_window

    def opened(record: Record) -> Record | None:
        watch = _watch(record)
        if record.was_confirmed or watch.suspects(network, since):
            return None
        return record.watched(watch.opened(network, now, since))

    with contextlib.suppress(TemporaryFailure):
        change_newest(link.stored, opened, outside)


def needs_code(record: Record, address: str | None, outside: Outside) -> bool:
    """Whether a press from this address could be that of a machine that opens every link."""
    network = source_key(address, outside.rules.pepper)
    return _watch(record).suspects(network, outside.now() - outside.rules.code_window)


def refuse_code(
    stored: Versioned[Record], token: Token, typed: str, outside: Outside
) -> LinkState | None:
    """The page to show instead of confirming; None when the code of this mail was typed.

    A wrong code is counted in the record; what is no code at all is not. Raises TemporaryFailure.
    """
    record, watch = stored.value, _watch(stored.value)
    if watch.has_most_wrong_codes:
        return LinkState.TOO_MANY_CODES
    if not typed:
        events.note(Event.CODE_ASKED, record.about)
        return LinkState.ENTER_CODE
    given = typed_code(typed)
    if given is None:
        return LinkState.WRONG_CODE
    pepper = outside.rules.pepper
    if same_code(given, confirmation_code(pepper, record.registration_id, token.issued_at)):
        return None
    change_newest(stored, _mistyped, outside)
    events.note(Event.CODE_WRONG, record.about)
    has_most = watch.mistyped().has_most_wrong_codes
    return LinkState.TOO_MANY_CODES if has_most else LinkState.WRONG_CODE


def _mistyped(record: Record) -> Record | None:
    return None if record.was_confirmed else record.watched(_watch(record).mistyped())


def _watch(record: Record) -> ScannerWatch:
    return record.watch or ScannerWatch()
