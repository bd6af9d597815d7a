"""A record as a bundle shows it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from cli.evidence.document import (
    ConfirmationShown,
    ErasedShown,
    HandOverShown,
    MailShown,
    OriginShown,
    RegistrationShown,
    WithdrawalShown,
)
from cli.evidence.public_key import text_of
from cli.evidence.readable_mail import ReadableMail
from shared.evidence.origin_keeping import OriginKeeping
from shared.values.evidence.origin_sealing import OriginDamaged, open_origin
from shared.values.record_notes import Click, MailNote, Promotion, WithdrawalNote

if TYPE_CHECKING:
    from shared.ports import Outside
    from shared.values.erased import ErasureProof
    from shared.values.record import Record


def mail_file(record: "Record", note: MailNote) -> str:
    """The name of the file that has this mail."""
    return f"mail-{record.registration_id}-{note.number}.eml"


def shown_registration(
    record: "Record", mails: Mapping[str, bytes], outside: "Outside"
) -> RegistrationShown:
    """`mails` has those that could be written once more. Raises TemporaryFailure."""
    return RegistrationShown(
        registration_id=record.registration_id,
        form=record.form,
        email=record.email,
        locale=record.locale,
        asked_at=record.asked_at,
        consents=record.consents,
        privacy_policy_url=record.privacy_policy_url,
        privacy_policy_version=record.privacy_policy_version,
        source=record.source,
        lead=record.lead,
        mails=tuple(
            _mail(note, mail_file(record, note), mails)
            for note in record.mails
            if note.sent_at or note.report
        ),
        confirmation=_confirmation(record.click) if record.click else None,
        hand_over=_hand_over(record.promotion) if record.promotion else None,
        withdrawals=tuple(map(_withdrawal, record.withdrawals)),
        origins=_origins(record, outside),
        chain=record.chain,
    )


def shown_erased(proof: "ErasureProof") -> ErasedShown:
    """What is left of an erased registration."""
    return ErasedShown(
        registration_id=proof.registration_id,
        form=proof.form,
        address=proof.address,
        asked_at=proof.asked_at,
        confirmed_at=proof.confirmed_at,
        erased_at=proof.erased_at,
        until=proof.until,
        chain=proof.chain,
    )


def _mail(note: MailNote, file: str, mails: Mapping[str, bytes]) -> MailShown:
    kept = mails.get(file)
    return MailShown(
        number=note.number,
        kind=note.kind,
        composed_at=note.text_of,
        sent_at=note.sent_at,
        provider=note.provider,
        message_id=note.message_id,
        # The note's is cut where it is long.
        subject=ReadableMail.of(kept).subject if kept else note.subject,
        text_digest=note.text_digest,
        mime_digest=note.mime_digest,
        frame=note.frame,
        report=note.report,
        reported_at=note.reported_at,
        file=file if kept else None,
    )


def _confirmation(click: Click) -> ConfirmationShown:
    return ConfirmationShown(at=click.at, code_given=click.code_given)


def _hand_over(promotion: Promotion) -> HandOverShown:
    return HandOverShown(
        contact_id=promotion.contact_id,
        contact_created=promotion.contact_created,
        consent_ids=promotion.consent_ids,
        written_at=promotion.written_at,
        journey_row=promotion.journey_row,
        triggered_at=promotion.triggered_at,
    )


def _withdrawal(note: WithdrawalNote) -> WithdrawalShown:
    return WithdrawalShown(
        at=note.at,
        one_click=note.one_click,
        opted_out_at=note.opted_out_at,
        consent_ids=note.consent_ids,
    )


def _origins(record: "Record", outside: "Outside") -> dict[str, OriginShown]:
    keeping = OriginKeeping(outside.origin_keys, outside.now, outside.rules.origins_kept)
    shown = {}
    for name, sealed in record.origins.items():
        key = keeping.record_key(sealed, record.registration_id)
        shown[name] = _opened(name, sealed, key) if key else OriginShown(sealed=sealed)
    return shown


def _opened(name: str, sealed: str, key: bytes) -> OriginShown:
    written = text_of(key)
    try:
        origin = open_origin(name, sealed, key)
    except OriginDamaged:  # whoever verifies is told
        return OriginShown(sealed=sealed, key=written)
    return OriginShown(
        sealed=sealed, key=written, address=origin.address, user_agent=origin.user_agent
    )
