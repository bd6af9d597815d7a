"""From a register request to a Registration, or the problem that stands in the way."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.values.form import Form, State
from shared.values.keyed_digest import keyed_uuid, random_uuid
from shared.values.mailbox import canonical
from shared.values.registration import Registration
from shared.values.registration_checks import check_registration, language_of
from shared.web import problem
from shared.web.http_request import header, media_type, sender_of, user_agent_of
from shared.web.proof_check import ProofCheck, check_proof, spend_proof
from shared.web.request_body import (
    FORM_TYPE,
    JSON_TYPE,
    MAX_BODY_BYTES,
    BodyMalformed,
    RegisterBody,
    read_form_post,
    read_json,
)

if TYPE_CHECKING:
    import azure.functions as func

    from shared.ports import Outside
    from shared.values.answer_error import FieldError
    from shared.values.proof_of_work import Proof
    from shared.web.problem import Problem

# draft-ietf-httpapi-idempotency-key-header: an opaque string of the client's choice.
_IDEMPOTENCY_KEY = re.compile(r"[!-~]{1,255}")


class RequestRefused(Exception):
    """The request cannot become a registration; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.type)
        self.problem = problem


class AnswersRefused(RequestRefused):
    """Readable, but answers have to be corrected: said to programs and to people."""

    def __init__(
        self, form: Form, language: str, errors: tuple[FieldError, ...], page_url: str | None
    ) -> None:
        # Who answers as asked does not pay for the texts.
        from shared.texts.catalogue import catalogue  # noqa: PLC0415 - see above

        super().__init__(problem.answers_refused(errors, catalogue(language).errors))
        self.form = form
        self.language = language
        self.errors = errors
        self.page_url = page_url


@dataclass(frozen=True, kw_only=True)
class RegisterRequest:
    """A checked request. `dropped` is set when the honeypot was filled in: no person did that.

    `proof` was used up for the registration, and is to be given back if that is not accepted.
    """

    registration: Registration
    dropped: bool
    proof: Proof | None


def published_form(request: func.HttpRequest, outside: Outside) -> Form:
    """The form named in the address. Raises RequestRefused: a draft is as unknown as any other."""
    form = outside.forms.get(request.route_params.get("form") or "")
    if form is None or form.state is not State.PUBLISHED:
        raise RequestRefused(problem.unknown_form())
    return form


def read_register_request(
    request: func.HttpRequest, form: Form, outside: Outside
) -> RegisterRequest:
    """Every check, in the order of their cost. Raises RequestRefused."""
    # "null" is what a browser sends from a page with the policy no-referrer: no origin at all.
    origin = header(request, "Origin")
    if origin not in {None, "null", *form.allowed_origins}:
        raise RequestRefused(problem.origin_not_allowed())
    body = _body(request, form)
    fields = dict(body.fields)
    dropped = bool(fields.pop(form.honeypot, None))
    language = language_of(form, body.locale, header(request, "Accept-Language"))
    checked = check_registration(
        form,
        language=language,
        fields=fields,
        consents=body.consents,
        page_url=body.page_url,
        campaign=body.campaign,
    )
    work = ProofCheck() if dropped else check_proof(form, body.altcha, outside)
    errors = (*body.errors, *checked.errors, *work.errors)
    back = body.page_url if isinstance(body.page_url, str) else header(request, "Referer")
    if errors and not dropped:
        raise AnswersRefused(form, language, errors, back)
    email = str(checked.answers.get(form.email_field.id, ""))
    registration_id = _registration_id(request, form, email, outside)
    if reused := spend_proof(work.proof, registration_id, outside):
        raise AnswersRefused(form, language, reused, back)
    return RegisterRequest(
        registration=Registration(
            id=registration_id,
            form=form.id,
            email=email,
            locale=language,
            answers=checked.answers,
            consents=checked.consents,
            privacy_policy_url=form.privacy_policy_url[language],
            privacy_policy_version=form.privacy_policy_version,
            source=checked.source,
            asked_at=outside.now(),
            asked_from=sender_of(request, outside.rules.trusted_proxies),
            user_agent=user_agent_of(request),
        ),
        dropped=dropped,
        proof=work.proof,
    )


def _body(request: func.HttpRequest, form: Form) -> RegisterBody:
    raw = request.get_body()
    if len(raw) > MAX_BODY_BYTES:
        raise RequestRefused(problem.too_large(MAX_BODY_BYTES))
    try:
        if media_type(request) == JSON_TYPE:
            return read_json(raw)
        if media_type(request) == FORM_TYPE:
            return read_form_post(raw, form)
    except BodyMalformed as malformed:
        raise RequestRefused(problem.malformed(str(malformed))) from None
    raise RequestRefused(problem.unsupported_content_type())


def _registration_id(request: func.HttpRequest, form: Form, email: str, outside: Outside) -> str:
    """Random, or the same for the same Idempotency-Key.

    The address is part of it: two visitors whose website sends one key for both are two
    registrations, and neither is lost.
    """
    key = header(request, "Idempotency-Key")
    if key is None:
        return random_uuid()
    if not _IDEMPOTENCY_KEY.fullmatch(key):
        raise RequestRefused(
            problem.malformed("Idempotency-Key must be 1 to 255 visible ASCII characters.")
        )
    return keyed_uuid(outside.rules.pepper, "registration", form.id, key, canonical(email))
