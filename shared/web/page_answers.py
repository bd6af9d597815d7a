"""Pages as answers: what a link leads to, and what a plain HTML form post gets."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import azure.functions as func

from shared import events
from shared.failures import PermanentFailure, TemporaryFailure
from shared.values.event_catalogue import Event
from shared.values.link_view import LinkState, LinkView
from shared.web.http_answers import see_other
from shared.web.http_request import header
from shared.web.problem import RETRY_AFTER_SECONDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from shared.ports import Outside
    from shared.values.answer_error import FieldError
    from shared.values.confirmation_token import Purpose
    from shared.values.form import Form, Redirects
    from shared.web.page import Page
    from shared.web.pages import Pages

_STATUS: Mapping[LinkState, int] = {
    LinkState.RENEWED: 202,
    LinkState.EXPIRED: 410,
    LinkState.GONE: 410,
    LinkState.NOTHING_TO_WITHDRAW: 410,
    LinkState.TRY_LATER: 429,
    LinkState.NOT_VALID: 404,
    LinkState.WRONG_CODE: 422,
    LinkState.TOO_MANY_CODES: 429,
}
_TRY_AGAIN_SOON = {"Retry-After": str(RETRY_AFTER_SECONDS)}


def link_answer(  # noqa: PLR0913 - the last is for one caller
    step: Callable[[str, Outside], LinkView],
    purpose: Purpose,
    token: str,
    request: func.HttpRequest,
    outside: Outside,
    *,
    may_lead_on: bool = True,
) -> func.HttpResponse:
    """Take the step and show its page, or send the person to the form's own page for it.

    Not `may_lead_on`: always the page, for a program that need not follow redirects.
    """
    accept_language = header(request, "Accept-Language")
    try:
        view = step(token, outside)
    except (TemporaryFailure, PermanentFailure) as failure:
        events.alarm(Event.PAGE_UNAVAILABLE, reason=str(failure))
        page = _pages(outside).link_unavailable(purpose, token, accept_language)
        return _answer(page, 503, _TRY_AGAIN_SOON)
    form = outside.forms.get(view.token.form) if view.token else None
    own_page = _own_page(form.redirects, view.state, token) if form else None
    if own_page and may_lead_on:
        return see_other(own_page)
    page = _pages(outside).link(view, token, accept_language)
    return _answer(page, _STATUS.get(view.state, 200), _try_again_after(view.state, outside))


def accepted_page(form: Form, language: str, outside: Outside) -> func.HttpResponse:
    """A plain form post was accepted, and the form has no page of its own for that."""
    return _answer(_pages(outside).accepted(form, language), 202)


def rejected_page(
    form: Form,
    language: str,
    errors: tuple[FieldError, ...],
    page_url: str | None,
    outside: Outside,
) -> func.HttpResponse:
    """A plain form post has to be corrected: the browser shows this, so it is for people."""
    return _answer(_pages(outside).rejected(form, language, errors, page_url), 422)


def form_unavailable_page(
    form: Form, language: str, page_url: str | None, outside: Outside
) -> func.HttpResponse:
    """A plain form post could not be stored."""
    page = _pages(outside).form_unavailable(form, language, page_url)
    return _answer(page, 503, _TRY_AGAIN_SOON)


def wants_page(request: func.HttpRequest) -> bool:
    """Whether a browser asks (its Accept names HTML), and not a program."""
    return "text/html" in (header(request, "Accept") or "")


def _pages(outside: Outside) -> Pages:
    # The template engine stays off the path of the register call, which needs no page.
    from shared.web.pages import Pages  # noqa: PLC0415 - see above

    return Pages(outside.forms, outside.tokens)


def _answer(page: Page, status: int, extra: Mapping[str, str] | None = None) -> func.HttpResponse:
    headers = {**page.headers, **(extra or {})}
    content_type = headers.pop("Content-Type")
    return func.HttpResponse(
        page.html, status_code=status, headers=headers, mimetype=content_type.partition(";")[0]
    )


def _try_again_after(state: LinkState, outside: Outside) -> Mapping[str, str]:
    wait = {
        LinkState.TRY_LATER: timedelta(days=1),
        LinkState.TOO_MANY_CODES: outside.rules.code_window,
    }.get(state)
    return {} if wait is None else {"Retry-After": str(int(wait.total_seconds()))}


def _own_page(redirects: Redirects, state: LinkState, token: str) -> str | None:
    if state is LinkState.EXPIRED and redirects.expired:
        # That page offers the fresh mail in our stead, and needs the token to ask for it.
        separator = "&" if "?" in redirects.expired else "?"
        return f"{redirects.expired}{separator}{urlencode({'token': token})}"
    return {
        LinkState.CONFIRMED: redirects.confirmed,
        LinkState.DECLINED: redirects.declined,
        LinkState.RENEWED: redirects.renewed,
        LinkState.GONE: redirects.gone,
        LinkState.WITHDRAWN: redirects.withdrawn,
    }.get(state)
