"""The page for people at `/`: fill in a lead form, watch leads, webhooks and notifications."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web
from multidict import MultiDictProxy

from local.linkedin_simulator.notifications import Notifier
from local.linkedin_simulator.page_rows import SHOWN, deliveries, leads, subscriptions
from local.linkedin_simulator.page_security import require_own_page, security_headers
from local.linkedin_simulator.simulator_control import delete, restart
from local.linkedin_simulator.stored import LeadForm
from local.linkedin_simulator.submission import Refused, Submission, submit
from local.linkedin_simulator.world import World
from local.simulator.page_assets import add_page_assets

ASSETS = Path(__file__).with_name("page_assets")
AUTOCOMPLETE = {
    "EMAIL": "email",
    "WORK_EMAIL": "work email",
    "FIRST_NAME": "given-name",
    "LAST_NAME": "family-name",
    "COMPANY_NAME": "organization",
    "JOB_TITLE": "organization-title",
}


@dataclass(frozen=True, kw_only=True)
class Filled:
    """What a person entered before the form refused it; or `sent`, the id of the new lead."""

    submission: Submission | None = None
    problems: Mapping[str, str] = field(default_factory=dict)
    sent: str = ""


def add_page(
    app: web.Application, world: World, notifier: Notifier, templates: jinja2.Environment
) -> None:
    async def page(request: web.Request) -> web.StreamResponse:
        chosen = request.query.get("form", "")
        form = world.forms.get(int(chosen)) if chosen.isdecimal() else None
        return _html(templates, world, form, Filled(sent=request.query.get("sent", "")))

    async def rows(_: web.Request) -> web.StreamResponse:
        text = templates.get_template("rows.html").render(**_rows(world))
        return web.Response(text=text, content_type="text/html", headers=security_headers())

    async def fill_in(request: web.Request) -> web.StreamResponse:
        require_own_page(request)
        form = world.forms.get(int(request.match_info["form"]))
        if form is None:
            raise web.HTTPNotFound(text="There is no such form.")
        submission = _submission(form, await request.post())
        try:
            lead = submit(world, submission)
        except Refused as refusal:
            filled = Filled(submission=submission, problems=refusal.problems)
            return _html(templates, world, form, filled)
        notifier.notify(lead, "CREATED", submission.notification)
        raise web.HTTPSeeOther(f"/?form={form.id}&sent={lead.id}")

    async def delete_lead(request: web.Request) -> web.StreamResponse:
        require_own_page(request)
        delete(world, notifier, request.match_info["lead"], None)
        raise web.HTTPSeeOther("/")

    async def challenge(request: web.Request) -> web.StreamResponse:
        require_own_page(request)
        await restart(world, int(request.match_info["id"]))
        raise web.HTTPSeeOther("/")

    async def style(_: web.Request) -> web.StreamResponse:
        return web.FileResponse(ASSETS / "linkedin.css")

    app.router.add_get("/", page)
    app.router.add_get("/_simulator/page/rows", rows)
    app.router.add_get("/_simulator/page/linkedin.css", style)
    app.router.add_post(r"/page/forms/{form:\d+}/leads", fill_in)
    app.router.add_post("/page/leads/{lead}/delete", delete_lead)
    app.router.add_post(r"/page/subscriptions/{id:\d+}/restart", challenge)
    add_page_assets(app)


def _html(
    templates: jinja2.Environment, world: World, form: LeadForm | None, filled: Filled
) -> web.Response:
    offered = [each for each in world.forms.values() if each.current["state"] == "PUBLISHED"]
    form = form or (offered[0] if offered else None)
    text = templates.get_template("page.html").render(
        **_rows(world),
        offered=offered,
        form=form,
        filled=filled,
        autocomplete=AUTOCOMPLETE,
        allow_http=world.allow_http,
        localised=_localised(form),
    )
    status = 422 if filled.problems else 200
    return web.Response(
        text=text, content_type="text/html", headers=security_headers(), status=status
    )


def _rows(world: World) -> dict[str, Any]:
    return {
        "leads": leads(world),
        "subscriptions": subscriptions(world),
        "deliveries": deliveries(world),
        "counts": {
            "leads": len(list(world.leads())),
            "subscriptions": len(world.subscriptions),
            "deliveries": len(world.deliveries),
        },
        "shown": SHOWN,
        "version": world.changes,
    }


def _localised(form: LeadForm | None) -> Any:
    """A function for the template: a text in the language of the form."""
    locale = form.current["creationLocale"] if form else {"language": "en", "country": "US"}
    names = (f"{locale['language']}_{locale['country']}", locale["language"])

    def localised(text: Mapping[str, Any]) -> str:
        texts: Mapping[str, str] = text["localized"]
        return next((texts[name] for name in names if name in texts), next(iter(texts.values())))

    return localised


def _submission(form: LeadForm, given: MultiDictProxy[Any]) -> Submission:
    """Input names: `question-<id>`, `consent`, `test`, `lose`."""
    answers: dict[int, str | list[int]] = {}
    for question in form.current["content"]["questions"]:
        number, values = (
            question["questionId"],
            given.getall(f"question-{question['questionId']}", []),
        )
        if "multipleChoiceQuestionDetails" in question["questionDetails"]:
            answers[number] = [int(value) for value in values if str(value).isdecimal()]
        elif values:
            answers[number] = str(values[0]).strip()
    return Submission(
        form=form.id,
        answers=answers,
        consents=[int(value) for value in given.getall("consent", []) if str(value).isdecimal()],
        test_lead="test" in given,
        notification="lost" if "lose" in given else None,
    )
