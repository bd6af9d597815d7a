"""`doi linkedin subscriptions`: which leads LinkedIn tells the app of."""

from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

import typer

from cli.linkedin.options import SECONDS, Json, Owners, Yes, chosen_owners
from cli.linkedin.subscriptions_report import (
    Listed,
    described,
    show_created,
    show_deleted,
    show_listed,
)
from cli.printing import note
from shared.lead_reconciliation import lead_types_of
from shared.linkedin.failures import NotFound
from shared.ports import Deadline
from shared.values.linkedin.keyed_urn import AssociatedEntity, Owner
from shared.values.linkedin.subscription import Subscription
from shared.values.linkedin.symbols import LeadType
from shared.values.linkedin.urns import FormVersion, parse_form_version

if TYPE_CHECKING:
    from shared.linkedin.client import OutsideWithLinkedIn

commands = typer.Typer(
    help="Subscriptions: which leads LinkedIn tells the app of.", no_args_is_help=True
)
LeadTypes = Annotated[
    list[LeadType] | None,
    typer.Option("--lead-type", help="Repeated for more.  [default: all that the owner can have]"),
]


def _form_version(text: str) -> FormVersion:
    try:
        return parse_form_version(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def _entity(text: str) -> AssociatedEntity:
    try:
        return AssociatedEntity.parse(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


@commands.command("list")
def list_(
    context: typer.Context, owner: Owners = None, lead_type: LeadTypes = None, *, json: Json = False
) -> None:
    """Subscriptions of the owners; where two match the same leads, LinkedIn tells twice."""
    outside: OutsideWithLinkedIn = context.obj()
    found: list[Subscription] = []
    for one in chosen_owners(owner, outside):
        for kind in _types_of(one, lead_type):
            found += outside.linkedin.subscriptions.of_owner(one, kind, Deadline(SECONDS))
    show_listed([Listed.of(each, found) for each in found], as_json=json)


@commands.command()
def create(  # noqa: PLR0913 - one parameter per option
    context: typer.Context,
    *,
    owner: Owners = None,
    lead_type: LeadTypes = None,
    webhook: Annotated[
        str | None,
        typer.Option(help="Where to notify; https.  [default: the app's, from DOI_PUBLIC_URL]"),
    ] = None,
    form: Annotated[
        FormVersion | None,
        typer.Option(parser=_form_version, metavar="URN", help="Only leads of this form version."),
    ] = None,
    entity: Annotated[
        AssociatedEntity | None,
        typer.Option(parser=_entity, metavar="URN", help="Only leads of this creative, event, …"),
    ] = None,
    json: Json = False,
) -> None:
    """Subscribe to the leads of whole owners, which also covers forms that are made later.

    Lists first, and creates nothing that is there. LinkedIn challenges the webhook at once: the
    app has to be running. With LINKEDIN_WEBHOOK_SECRET the address carries it.
    """
    outside: OutsideWithLinkedIn = context.obj()
    wanted = [
        Subscription(
            webhook=webhook or _own_webhook(outside),
            owner=one,
            lead_type=kind,
            versioned_form=form,
            associated_entity=entity,
        )
        for one in chosen_owners(owner, outside)
        for kind in _types_of(one, lead_type)
    ]
    for each in wanted:
        each.check()
    done: list[Listed] = []
    try:
        for each in wanted:
            done.append(_create(each, outside))  # noqa: PERF401 - kept when a later one fails
    finally:  # what was created before one failed has to be known
        show_created(done, as_json=json)


@commands.command()
def delete(
    context: typer.Context,
    id_: Annotated[int, typer.Argument(metavar="ID", min=1)],
    *,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """LinkedIn tells no more; the leads themselves stay, and reconciliation still finds them.

    One that is gone already is deleted: it may be repeated.
    """
    outside: OutsideWithLinkedIn = context.obj()
    try:
        found = outside.linkedin.subscriptions.get(id_, Deadline(SECONDS))
    except NotFound:
        show_deleted(id_, existed=False, as_json=json)
        return
    if not yes:
        typer.confirm(f"Delete subscription {described(found)}?", abort=True, err=True)
    outside.linkedin.subscriptions.delete(id_, Deadline(SECONDS))
    show_deleted(id_, existed=True, as_json=json)


def _create(wanted: Subscription, outside: "OutsideWithLinkedIn") -> Listed:
    subscriptions, kind = outside.linkedin.subscriptions, LeadType(wanted.lead_type)
    existing = subscriptions.of_owner(wanted.owner, kind, Deadline(SECONDS))
    for other in existing:
        same = other.subscribes_to_same(wanted) and other.webhook == wanted.webhook
        if other.overlaps(wanted) and not same:
            note(f"Overlaps: {described(other)}. LinkedIn will tell twice of some leads.")
    created = subscriptions.create(wanted, Deadline(SECONDS))
    subscription = wanted.model_copy(update={"id": created.id})
    return Listed.of(subscription, existing, existed=created.existed)


def _types_of(owner: Owner, chosen: list[LeadType] | None) -> tuple[LeadType, ...]:
    """Types that the owner cannot have stay, where they were asked for: they will be refused."""
    return tuple(chosen) if chosen else lead_types_of(owner.urn)


def _own_webhook(outside: "OutsideWithLinkedIn") -> str:
    rules = outside.rules
    address = f"{rules.public_url}/api/linkedin/webhook"
    secret = rules.linkedin.webhook_secret if rules.linkedin else None
    return f"{address}?secret={quote(secret, safe='')}" if secret else address
