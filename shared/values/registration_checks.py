"""From what was posted to a Registration: the one place where all checks come together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from shared.values import text_rules
from shared.values.answer_error import AnswerRefused, FieldError
from shared.values.answers import Answer, check_answers
from shared.values.localised import choose_language
from shared.values.registration import GivenConsent, Source

if TYPE_CHECKING:
    from shared.values.form import Form

LONGEST_PAGE_URL = 2000  # msdynmkt_pageurl in Dataverse
LONGEST_CAMPAIGN = 100


@dataclass(frozen=True, kw_only=True)
class CheckedRegistration:
    """What a registration consists of, if `errors` is empty."""

    answers: Mapping[str, Answer]
    consents: tuple[GivenConsent, ...]
    source: Source
    errors: tuple[FieldError, ...]


def language_of(form: Form, wanted: Any, accept_language: str | None) -> str:
    """The registration's language: an unknown one falls back, it is no mistake."""
    asked = wanted if isinstance(wanted, str) and wanted else accept_language
    return choose_language(asked, form.languages)


def check_registration(  # noqa: PLR0913 - the parts of one request, each named
    form: Form,
    *,
    language: str,
    fields: Mapping[str, Any],
    consents: Any,
    page_url: Any,
    campaign: Any,
) -> CheckedRegistration:
    """Everything that was posted, against the form's definition."""
    checked = check_answers(form, fields)
    errors = list(checked.errors)
    given, consent_errors = _consents(form, consents, language)
    errors += consent_errors
    source = Source()
    try:
        source = Source(page_url=_page_url(page_url))
    except AnswerRefused as refused:
        errors.append(refused.at("/source/pageUrl"))
    try:
        source = source.model_copy(update={"campaign": _campaign(campaign)})
    except AnswerRefused as refused:
        errors.append(refused.at("/source/campaign"))
    return CheckedRegistration(
        answers=checked.answers, consents=given, source=source, errors=tuple(errors)
    )


def _consents(
    form: Form, ticked: Any, language: str
) -> tuple[tuple[GivenConsent, ...], list[FieldError]]:
    if not isinstance(ticked, Sequence) or not all(isinstance(item, str) for item in ticked):
        return (), [FieldError(pointer="/consents", code="wrong_type")]
    if isinstance(ticked, str):
        return (), [FieldError(pointer="/consents", code="wrong_type")]
    known = {consent.id for consent in form.consents}
    errors = [
        FieldError(pointer=f"/consents/{index}", code="unknown_consent")
        for index, consent_id in enumerate(ticked[:50])
        if consent_id not in known
    ]
    errors += [
        FieldError(pointer=f"/consents/{consent.id}", code="consent_required")
        for consent in form.consents
        if consent.required and consent.id not in ticked
    ]
    given = tuple(
        GivenConsent.of(consent, language) for consent in form.consents if consent.id in ticked
    )
    if not given and not errors:
        # Only optional boxes, and none ticked: there is nothing to confirm.
        errors.append(FieldError(pointer="/consents", code="consent_required"))
    return given, errors


def _page_url(raw: Any) -> str | None:
    if raw is None or raw == "":
        return None
    url = text_rules.cleaned(raw, multiline=False)
    if len(url) > LONGEST_PAGE_URL:
        raise AnswerRefused("too_long", LONGEST_PAGE_URL)
    try:
        parts = urlsplit(url)
    except ValueError:
        raise AnswerRefused("pattern") from None
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise AnswerRefused("pattern")
    return url


def _campaign(raw: Any) -> str | None:
    if raw is None:
        return None
    campaign = text_rules.cleaned(raw, multiline=False)
    if len(campaign) > LONGEST_CAMPAIGN:
        raise AnswerRefused("too_long", LONGEST_CAMPAIGN)
    return campaign or None
