"""Errors for programs: RFC 9457 `application/problem+json`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from shared.values.answer_error import FieldError

CONTENT_TYPE = "application/problem+json"
# How soon a website or a person may try again what storage did not take.
RETRY_AFTER_SECONDS = 5
TYPE_BASE = "urn:double-opt-in:problem:"


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One error answer. `type` is a short name, `title` says the same whenever it occurs."""

    status: int
    type: str
    title: str
    detail: str | None = None
    errors: tuple[Mapping[str, Any], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """The body."""
        body: dict[str, Any] = {
            "type": TYPE_BASE + self.type,
            "title": self.title,
            "status": self.status,
        }
        if self.detail:
            body["detail"] = self.detail
        if self.errors:
            body["errors"] = list(self.errors)
        return json.dumps(body, ensure_ascii=False)


def malformed(detail: str) -> Problem:
    """400: not even readable."""
    return Problem(status=400, type="malformed", title="The request is not readable", detail=detail)


def too_large(limit: int) -> Problem:
    """413: more than a registration can be."""
    return Problem(
        status=413,
        type="too-large",
        title="The registration is too large",
        detail=f"At most {limit} bytes are accepted.",
    )


def unsupported_content_type() -> Problem:
    """415: neither JSON nor a plain form post."""
    return Problem(
        status=415,
        type="unsupported-content-type",
        title="The content type is not supported",
        detail="Send application/json or application/x-www-form-urlencoded.",
    )


def unknown_form() -> Problem:
    """404: no such form, or not published: the answer does not tell which."""
    return Problem(
        status=404,
        type="unknown-form",
        title="There is no such form",
        detail="Check the form's id in the address, and that its state is 'published'.",
    )


def no_challenge() -> Problem:
    """404: there is nothing to solve for this form."""
    return Problem(
        status=404,
        type="no-challenge",
        title="This form asks for no proof of work",
        detail="Register without one, or give the form a 'proofOfWork'.",
    )


def origin_not_allowed() -> Problem:
    """403: the page that posted is on none of the form's websites."""
    return Problem(
        status=403,
        type="origin-not-allowed",
        title="This website may not post to this form",
        detail="Add the page's origin to allowedOrigins of the form.",
    )


def no_desk() -> Problem:
    """404: the page is switched off, which is the default."""
    return Problem(
        status=404,
        type="no-desk",
        title="The desk is off",
        detail="Set DOI_DESK to 'on'.",
    )


def foreign_page() -> Problem:
    """403: not a button of the page itself."""
    return Problem(
        status=403,
        type="foreign-page",
        title="Only the desk itself may post here",
        detail="Open the desk and press its button, or use 'doi poison replay'.",
    )


def storage_silent() -> Problem:
    """503: storage does not answer; what was put back is in its queue, the rest stays."""
    return Problem(
        status=503,
        type="storage-silent",
        title="Storage does not answer",
        detail="Nothing is lost, and pressing again is harmless: open the desk again later.",
        headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
    )


def answers_refused(errors: Iterable[FieldError], sentences: Mapping[str, str]) -> Problem:
    """422: readable, but not what the form asks for; `sentences` by error code."""
    return Problem(
        status=422,
        type="answers-refused",
        title="Some answers need to be corrected",
        errors=tuple(
            {
                "pointer": error.pointer,
                "code": error.code,
                "message": sentences[error.code].format(limit=error.limit),
            }
            for error in errors
        ),
    )


def unavailable() -> Problem:
    """503: nothing was accepted; the same request may be sent again."""
    return Problem(
        status=503,
        type="unavailable",
        title="The registration could not be stored",
        detail="Nothing was accepted. Send the same request again later.",
        # Scripts of another origin can read this header only when it is named here.
        headers={
            "Retry-After": str(RETRY_AFTER_SECONDS),
            "Access-Control-Expose-Headers": "Retry-After",
        },
    )
