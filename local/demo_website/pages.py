"""The pages."""

import logging
from dataclasses import dataclass

from aiohttp import ClientSession, web
from aiohttp.typedefs import Handler

from local.demo_website.form_description import FormUnavailable, fetch_form_description
from local.demo_website.page_context import page_context
from local.demo_website.sign_ups import SIGN_UPS, SignUp

_log = logging.getLogger("website")

SESSION = web.AppKey("session", ClientSession)
_RETRY_AFTER_SECONDS = 10


@dataclass(frozen=True, kw_only=True)
class Pages:
    """`functions` is the origin of the functions app, such as http://127.0.0.1:7071."""

    functions: str

    async def overview(self, request: web.Request) -> web.Response:
        """The front page."""
        return page_context(request, self.functions).answer("overview.html", sign_ups=SIGN_UPS)

    def sign_up(self, sign_up: SignUp) -> Handler:
        """The page whose script reads the form's description and posts JSON."""

        async def page(request: web.Request) -> web.Response:
            context = page_context(request, self.functions, sign_up.languages)
            return context.answer("sign_up.html", sign_up=sign_up)

        return page

    def plain_sign_up(self, sign_up: SignUp) -> Handler:
        """The page without a script: rendered here, posted straight to the functions app."""

        async def page(request: web.Request) -> web.Response:
            context = page_context(request, self.functions, sign_up.languages)
            try:
                form = await fetch_form_description(
                    request.app[SESSION], self.functions, sign_up.form
                )
            except FormUnavailable as reason:
                _log.warning("form not available: %s", reason)
                sorry = context.answer("text_page.html", status=503, page="unavailable")
                sorry.headers["Retry-After"] = str(_RETRY_AFTER_SECONDS)
                return sorry
            known = context.language in form["languages"]
            return context.answer(
                "sign_up_plain.html",
                sign_up=sign_up,
                form=form,
                form_language=context.language if known else form["languages"][0],
                # Without the query: it may hold click ids that say who the visitor is.
                page_url=str(request.url.with_query(None)),
                campaign=context.campaign,
            )

        return page

    def text(self, page: str) -> Handler:
        """A page that is only text; `page` is its section in the website's words."""

        async def text_page(request: web.Request) -> web.Response:
            return page_context(request, self.functions).answer("text_page.html", page=page)

        return text_page

    async def not_found(self, request: web.Request) -> web.Response:
        """For every address that leads nowhere."""
        context = page_context(request, self.functions)
        return context.answer("text_page.html", status=404, page="notFound")
