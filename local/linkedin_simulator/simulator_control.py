"""`/_simulator/…` beyond faults and state: leads, forms, subscriptions, settings, grants."""

from typing import Any

from aiohttp import web

from local.linkedin_simulator.notifications import Notifier
from local.linkedin_simulator.settings import Settings
from local.linkedin_simulator.stored import LeadForm, Subscription
from local.linkedin_simulator.submission import Refused, Submission, submit
from local.linkedin_simulator.webhook_validation import validate_now
from local.linkedin_simulator.world import World
from local.simulator.control import asked_for, refused
from local.simulator.switches import add_switches

MODES = ("once", "twice", "lost", "held")


def add_lead_control(app: web.Application, world: World, notifier: Notifier) -> None:
    async def submit_lead(request: web.Request) -> web.StreamResponse:
        submission = await asked_for(request, Submission, "submission")
        try:
            lead = submit(world, submission)
        except Refused as refusal:
            raise refused(str(refusal)) from refusal
        notifier.notify(lead, "CREATED", submission.notification)
        return web.json_response({"id": lead.id}, status=201)

    async def delete_lead(request: web.Request) -> web.StreamResponse:
        mode = request.query.get("notification")
        if mode not in (None, *MODES):
            raise refused(f"notification: one of {', '.join(MODES)}")
        delete(world, notifier, request.match_info["id"], mode)
        return web.Response(status=204)

    async def release(_: web.Request) -> web.StreamResponse:
        return web.json_response({"released": notifier.release()})

    app.router.add_post("/_simulator/leads", submit_lead)
    app.router.add_delete("/_simulator/leads/{id}", delete_lead)
    app.router.add_post("/_simulator/notifications", release)


def add_portal_control(app: web.Application, world: World) -> None:
    """What people or LinkedIn itself do elsewhere: in the developer portal, in reviews."""

    async def validate(_: web.Request) -> web.StreamResponse:
        """Challenge every webhook now that is not blocked, as at the interval."""
        for subscription in list(world.subscriptions.values()):
            if subscription.status != "blocked":
                await validate_now(world, subscription.id)
        return web.json_response(
            [each.model_dump(mode="json", by_alias=True) for each in world.subscriptions.values()]
        )

    async def restart_subscription(request: web.Request) -> web.StreamResponse:
        number = int(request.match_info["id"])
        await restart(world, number)
        return web.json_response(world.subscriptions[number].model_dump(mode="json", by_alias=True))

    async def publish(request: web.Request) -> web.StreamResponse:
        """As LinkedIn does when an active campaign uses the form and its review is over."""
        form = world.forms.get(int(request.match_info["id"]))
        if form is None or form.current["state"] != "DRAFT":
            raise refused("form: only a draft can be published")
        published = {
            **form.current,
            "state": "PUBLISHED",
            "reviewInfo": {"reviewStatus": "APPROVED", "lastUpdated": world.milliseconds()},
        }
        world.put_form(LeadForm(versions=(*form.versions[:-1], published)))
        return web.json_response(published)

    app.router.add_post("/_simulator/validations", validate)
    app.router.add_post(r"/_simulator/subscriptions/{id:\d+}/restart", restart_subscription)
    app.router.add_post(r"/_simulator/forms/{id:\d+}/publish", publish)


def add_settings_control(app: web.Application, world: World) -> None:
    def change(settings: Settings) -> None:
        world.settings = settings

    async def revoke(_: web.Request) -> web.StreamResponse:
        """The member takes back what was allowed: refresh tokens and access tokens are dead."""
        for number, grant in list(world.grants.items()):
            world.put_grant(number, grant.model_copy(update={"revoked": True}))
        return web.Response(status=204)

    add_switches(app, "/_simulator/settings", "POST", lambda: world.settings, change)
    app.router.add_delete("/_simulator/grants", revoke)


def delete(world: World, notifier: Notifier, lead_id: str, mode: Any) -> None:
    """Raise HTTPNotFound."""
    lead = world.lead(lead_id)
    if lead is None:
        raise web.HTTPNotFound(text="There is no such lead.")
    world.remove_lead(lead_id)
    notifier.notify(lead, "DELETED", mode)


async def restart(world: World, number: int) -> Subscription:
    """What a person does in LinkedIn's developer portal. Raise HTTPNotFound."""
    subscription = world.subscriptions.get(number)
    if subscription is None:
        raise web.HTTPNotFound(text="There is no such subscription.")
    anew = subscription.model_copy(update={"status": "unvalidated", "failures": 0})
    world.put_subscription(anew)
    await validate_now(world, number)
    return world.subscriptions.get(number, anew)
