"""What the PDF says of one registration, in the order in which it happened."""

from collections.abc import Iterator, Mapping
from typing import Final

from cli.evidence.account_lead import lead
from cli.evidence.document import MailShown, OriginShown, RegistrationShown
from cli.evidence.paper import Block, Facts, Heading, Paragraph, Quote
from cli.evidence.readable_mail import ReadableMail
from cli.evidence.wording import Wording
from shared.values.evidence.origin import ASKED, CONFIRMED, withdrawn_name

_PROVIDERS: Final = {
    "acs": "Microsoft Azure Communication Services",
    "graph": "Microsoft 365 (Graph)",
    "smtp": "SMTP",
}


def registration(
    one: RegistrationShown, mails: Mapping[str, ReadableMail], words: Wording
) -> Iterator[Block]:
    """Its blocks. `mails` has those of the bundle, by the names of their files."""
    if one.chain.asked is None:
        yield Paragraph(words("unsealed"))
    yield from _request(one, words)
    yield from _consents(one, words)
    yield from _mails(one, mails, words)
    yield from _confirmation(one, words)
    yield from _hand_over(one, words)
    yield from _withdrawals(one, words)
    if one.lead:
        yield from lead(one.lead, words)


def _request(one: RegistrationShown, words: Wording) -> Iterator[Block]:
    page = words("request.linkedin") if one.lead else one.source.page_url
    submitted = one.lead.submitted_at if one.lead else None
    yield Heading(text=words("request"))
    yield Facts.of(
        {
            words("request.address"): one.email,
            words("request.submitted"): words.time(submitted) if submitted else None,
            words("request.taken" if one.lead else "request.at"): words.time(one.asked_at),
            words("request.form"): one.form,
            words("request.page"): page,
            words("request.campaign"): one.source.campaign,
            words("request.language"): one.locale,
            **_origin(one.origins.get(ASKED), words),
            words("request.id"): one.registration_id,
        }
    )


def _origin(origin: OriginShown | None, words: Wording) -> dict[str, str | None]:
    labels = (words("origin.address"), words("origin.browser"))
    if origin is None:
        return dict.fromkeys(labels[:1], words("origin.none"))
    if origin.key is None:
        return dict.fromkeys(labels[:1], words("origin.deleted"))
    shown = (origin.address, origin.user_agent)
    return {
        label: value or words("origin.none") for label, value in zip(labels, shown, strict=True)
    }


def _consents(one: RegistrationShown, words: Wording) -> Iterator[Block]:
    yield Heading(text=words("consents"))
    yield Paragraph(words("consents.introduction" if one.consents else "consents.none"))
    for consent in one.consents:
        yield Quote(consent.text or words("consents.no_text"))
        yield Facts.of(
            {
                words("consents.id"): consent.id,
                words("consents.language"): consent.language,
                words("consents.purpose"): consent.purpose_id,
                words("consents.topic"): consent.topic_id,
            },
            exact={words("consents.version"): consent.version},
        )
    yield Heading(text=words("notice"))
    yield Facts.of(
        {
            words("notice.url"): one.privacy_policy_url,
            words("notice.version"): one.privacy_policy_version,
        }
    )


def _mails(
    one: RegistrationShown, mails: Mapping[str, ReadableMail], words: Wording
) -> Iterator[Block]:
    yield Heading(text=words("mails"))
    if not one.mails:
        yield Paragraph(words("mails.none"))
    for mail in one.mails:
        yield from _mail(mail, mails.get(mail.file or ""), words)


def _mail(mail: MailShown, read: ReadableMail | None, words: Wording) -> Iterator[Block]:
    kind = words(f"mail.kind.{mail.kind}")
    report = (
        words("mail.reported", report=mail.report, at=words.time(mail.reported_at))
        if mail.report and mail.reported_at
        else words("mail.no_report")
    )
    yield Heading(text=words("mail", number=mail.number, kind=kind))
    yield Facts.of(
        {
            words("mail.subject"): mail.subject,
            words("mail.sent"): words.time(mail.sent_at)
            if mail.sent_at
            else words("mail.not_sent"),
            words("mail.provider"): _PROVIDERS.get(mail.provider or "", mail.provider),
            words("mail.id"): mail.message_id,
            words("mail.report"): report,
            words("mail.file"): mail.file or words("mail.lost"),
        },
        exact={words("mail.digest"): read.digest if read else None},
    )
    if read:
        yield Paragraph(words("mail.text"))
        yield Quote(read.text, exact=True)


def _confirmation(one: RegistrationShown, words: Wording) -> Iterator[Block]:
    yield Heading(text=words("confirmation"))
    if one.confirmation is None:
        yield Paragraph(words("confirmation.none"))
        return
    code = "given" if one.confirmation.code_given else "none"
    yield Paragraph(words("confirmation.how"))
    yield Facts.of(
        {
            words("confirmation.at"): words.time(one.confirmation.at),
            **_origin(one.origins.get(CONFIRMED), words),
            words("confirmation.code"): words(f"confirmation.code.{code}"),
        }
    )


def _hand_over(one: RegistrationShown, words: Wording) -> Iterator[Block]:
    yield Heading(text=words("hand_over"))
    done = one.hand_over
    if done is None:
        yield Paragraph(words("hand_over.none"))
        return
    contact = "hand_over.created" if done.contact_created else "hand_over.found"
    started = words.time(done.triggered_at) if done.triggered_at else None
    yield Facts.of(
        {
            words("hand_over.at"): words.time(done.written_at),
            words("hand_over.contact"): words(contact, id=done.contact_id),
            words("hand_over.consents"): "\n".join(done.consent_ids),
            words("hand_over.triggered"): started or words("hand_over.not_triggered"),
            words("hand_over.row"): done.journey_row,
        }
    )


def _withdrawals(one: RegistrationShown, words: Wording) -> Iterator[Block]:
    yield Heading(text=words("withdrawals"))
    if not one.withdrawals:
        yield Paragraph(words("withdrawals.none"))
    for each in one.withdrawals:
        noted = words.time(each.opted_out_at) if each.opted_out_at else None
        yield Facts.of(
            {
                words("withdrawal.at"): words.time(each.at),
                words("withdrawal.how"): words(
                    "withdrawal.one_click" if each.one_click else "withdrawal.page"
                ),
                **_origin(one.origins.get(withdrawn_name(each.at)), words),
                words("withdrawal.opted_out"): noted or words("withdrawal.not_opted_out"),
                words("withdrawal.consents"): "\n".join(each.consent_ids),
            }
        )
