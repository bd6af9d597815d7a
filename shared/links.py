"""Where the record behind a link stands: reads only, changes nothing."""

from dataclasses import dataclass
from datetime import timedelta

from shared.ports import Outside, Versioned
from shared.values.confirmation_token import Purpose, Token, TokenInvalid
from shared.values.link_view import LinkState, LinkView
from shared.values.opt_out import consented_later
from shared.values.record import Record

_TO_DECLINE = {
    LinkState.CONFIRM: LinkState.DECLINE,
    LinkState.EXPIRED: LinkState.DECLINE,
    LinkState.CONFIRMED: LinkState.ALREADY_CONFIRMED,
}


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link's page, and the record behind it while there is one."""

    view: LinkView
    stored: Versioned[Record] | None = None


def look_up(purpose: Purpose, token_text: str, outside: Outside) -> Link:
    """What a link leads to now."""
    try:
        token = outside.tokens.read(purpose, token_text)
    except TokenInvalid:
        return Link(view=LinkView(state=LinkState.NOT_VALID))
    stored = outside.records.find(token.key)
    if purpose is Purpose.WITHDRAW:
        state = _to_withdraw(stored, outside)
    else:
        state = _state(token, stored, outside)
    if purpose is Purpose.DECLINE:
        state = _TO_DECLINE.get(state, state)
    consents = stored.value.consents if stored and state is LinkState.WITHDRAW else ()
    return Link(view=LinkView(state=state, token=token, consents=consents), stored=stored)


def _state(token: Token, stored: Versioned[Record] | None, outside: Outside) -> LinkState:
    now = outside.now()
    if stored is None:
        mailbox = outside.records.find_mailbox(token.key.mailbox_key).value
        return LinkState.DECLINED if mailbox.is_suppressed(now) else LinkState.GONE
    if stored.value.was_confirmed:
        return LinkState.CONFIRMED
    lifetime = _link_lifetime(token, outside)
    if lifetime is not None and token.expired(lifetime, now):
        return LinkState.EXPIRED
    return LinkState.CONFIRM


def _to_withdraw(stored: Versioned[Record] | None, outside: Outside) -> LinkState:
    """A link that was used works again once the address has consented again: mails lie about."""
    if stored is None or not stored.value.was_confirmed:
        return LinkState.NOTHING_TO_WITHDRAW
    if not stored.value.was_withdrawn:
        return LinkState.WITHDRAW
    others = outside.records.in_mailbox(stored.value.mailbox_key)
    again = consented_later(stored.value, (each.value for each in others), outside.forms)
    return LinkState.WITHDRAW if again else LinkState.WITHDRAWN


def _link_lifetime(token: Token, outside: Outside) -> timedelta | None:
    # A form that was removed must not turn away people whose mails are out: their records
    # still end at their forgetting time.
    form = outside.forms.get(token.form)
    return form.link_lifetime if form else None
