"""The link with which a person takes a consent back, for mails and preference pages."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from shared.ports import Outside
from shared.values.confirmation_token import Purpose, Token
from shared.values.mailbox import canonical, mailbox_key
from shared.values.record import Record


@dataclass(frozen=True, kw_only=True)
class WithdrawLink:
    """The link of one confirmed registration; `withdrawn_at` is set once it was used."""

    registration_id: str
    form: str
    confirmed_at: datetime
    withdrawn_at: datetime | None
    url: str


def withdraw_link(record: Record, outside: Outside) -> str:
    """The address with which the person can withdraw: always the same one for a record.

    Raises ValueError for a record that is not confirmed.
    """
    if record.click is None:
        raise ValueError("there is nothing to withdraw before the click")
    token = Token(key=record.key, form=record.form, locale=record.locale, issued_at=record.click.at)
    query = urlencode({"token": outside.tokens.issue(Purpose.WITHDRAW, token)})
    return f"{outside.rules.public_url}/api/withdraw?{query}"


def links_of_address(address: str, outside: Outside) -> list[WithdrawLink]:
    """Of what this very address has confirmed, the latest first. Raises TemporaryFailure."""
    stored = outside.records.in_mailbox(mailbox_key(address, outside.rules.pepper))
    own = (each.value for each in stored if canonical(each.value.email) == canonical(address))
    links = [link for record in own for link in _links(record, outside)]
    return sorted(links, key=lambda link: link.confirmed_at, reverse=True)


def links_of_registration(registration_id: str, outside: Outside) -> list[WithdrawLink]:
    """One, or none where it was not confirmed. Raises TemporaryFailure."""
    stored = outside.records.with_id(registration_id)
    return [link for each in stored for link in _links(each.value, outside)]


def _links(record: Record, outside: Outside) -> list[WithdrawLink]:
    if record.click is None:
        return []
    latest = record.withdrawals[-1] if record.withdrawals else None
    link = WithdrawLink(
        registration_id=record.registration_id,
        form=record.form,
        confirmed_at=record.click.at,
        withdrawn_at=latest.at if latest else None,
        url=withdraw_link(record, outside),
    )
    return [link]
