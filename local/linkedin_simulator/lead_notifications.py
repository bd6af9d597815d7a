"""`/rest/leadNotifications`: subscriptions of webhooks; create, find, get, delete."""

from typing import Any, Literal

from pydantic import Field, ValidationError

from local.linkedin_simulator import access
from local.linkedin_simulator.call import Call
from local.linkedin_simulator.errors import LinkedInError, bad_request, invalid_param, not_found
from local.linkedin_simulator.exchange import Answer
from local.linkedin_simulator.form_schema import Owner, Schema
from local.linkedin_simulator.new_entity import created
from local.linkedin_simulator.paging import page_of
from local.linkedin_simulator.stored import Subscription
from local.linkedin_simulator.urns import ENTITY_URNS, number_of, read_versioned_form
from local.linkedin_simulator.webhook_url import webhook_problem
from local.linkedin_simulator.webhook_validation import validated

MALFORMED = (
    "Malformed subscription creation request that does not meet validation checks. "
    "Owner of Lead Form does not match that of the subscription."
)
CAMPAIGNS_SINCE = "202403"
NOT_VALIDATED = "This URL did not pass the security challenge check"


class WrittenSubscription(Schema):
    webhook: str
    owner: Owner
    lead_type: Literal["SPONSORED", "COMPANY", "EVENT", "ORGANIZATION_PRODUCT"]
    versioned_form: str | None = None
    associated_entity: dict[str, str] | None = Field(default=None, min_length=1, max_length=1)


async def create(call: Call) -> Answer:
    """Repeated, it makes a second subscription: LinkedIn knows no idempotency keys here."""
    call.refuse_others()
    written = _parsed(call)
    owner: dict[str, str] = written.owner.model_dump(by_alias=True, exclude_none=True)
    _require_access(call, owner, written.lead_type)
    _check(call, written, owner)
    subscription = Subscription(
        id=call.world.next_id(),
        webhook=written.webhook,
        owner=owner,
        lead_type=written.lead_type,
        versioned_form=written.versioned_form,
        associated_entity=written.associated_entity,
    )
    subscription = await validated(call.world, subscription)
    if subscription.status != "valid":
        raise bad_request(NOT_VALIDATED, ("/webhook", subscription.problem))
    call.world.put_subscription(subscription)
    return created(call, subscription.id, documented="x-restli-id")


def _parsed(call: Call) -> WrittenSubscription:
    try:
        return WrittenSubscription.model_validate(call.body)
    except ValidationError as error:
        listed = [
            ("/" + "/".join(str(part) for part in problem["loc"]), problem["msg"])
            for problem in error.errors()
        ]
        raise bad_request(MALFORMED.partition(". ")[0] + ".", *listed) from error


def _require_access(call: Call, owner: dict[str, str], lead_type: str) -> None:
    if not call.access.may_read_leads(owner, lead_type):
        raise LinkedInError(403, "ACCESS_DENIED", access.MANAGE_SUBSCRIPTIONS)


def _check(call: Call, written: WrittenSubscription, owner: dict[str, str]) -> None:
    """Raise LinkedInError (400)."""
    if problem := webhook_problem(written.webhook, allow_http=call.world.allow_http):
        raise bad_request("Only HTTPS URLs are supported", ("/webhook", problem))
    if written.versioned_form is not None:
        named = read_versioned_form(written.versioned_form)
        form = call.world.forms.get(named[0]) if named else None
        if named is None or form is None or form.version(named[1]) is None:
            raise bad_request(MALFORMED.partition(". ")[0] + ".", ("/versionedForm", "unknown"))
        if form.owner != owner:
            raise bad_request(MALFORMED, ("/versionedForm", "of another owner"))
    for key, entity in (written.associated_entity or {}).items():
        if key not in ENTITY_URNS or number_of(entity, ENTITY_URNS[key]) is None:
            raise bad_request(MALFORMED.partition(". ")[0] + ".", ("/associatedEntity", entity))
        if key == "sponsoredCampaign" and call.version < CAMPAIGNS_SINCE:
            raise bad_request("sponsoredCampaign needs a later version", ("/associatedEntity", key))


def shown(subscription: Subscription) -> dict[str, Any]:
    return {
        name: value
        for name, value in {
            "id": subscription.id,
            "webhook": subscription.webhook,
            "owner": subscription.owner,
            "leadType": subscription.lead_type,
            "versionedForm": subscription.versioned_form,
            "associatedEntity": subscription.associated_entity,
        }.items()
        if value is not None
    }


def find(call: Call) -> Answer:
    """`q=criteria` with `owner=(value:(sponsoredAccount:…))` and `leadType=(leadType:…)`."""
    call.text("q")
    owner = call.owner(wrapped=call.world.settings.criteria_owner == "wrapped")
    lead_type = call.lead_type()
    if owner is None or lead_type is None:
        raise invalid_param("leadType" if owner else "owner", "is required")
    _require_access(call, owner, lead_type)
    found = [
        shown(each)
        for each in call.world.subscriptions.values()
        if (each.owner, each.lead_type) == (owner, lead_type)
    ]
    page = page_of(call, found, counted=False)
    on_page = page.body["elements"]
    match call.world.settings.criteria_shape:
        case "elements":
            return page
        case "list":
            return Answer(status=200, body={"results": on_page})
        case "map":
            return Answer(status=200, body={"results": {str(each["id"]): each for each in on_page}})
        case "object":  # as documented: one, and without its webhook
            first = (
                {name: on_page[0][name] for name in on_page[0] if name != "webhook"}
                if on_page
                else {}
            )
            return Answer(status=200, body={"results": first})


def get(call: Call) -> Answer:
    call.refuse_others()
    return Answer(status=200, body=shown(_known(call)))


def delete(call: Call) -> Answer:
    call.refuse_others()
    call.world.remove_subscription(_known(call).id)
    return Answer(status=204)


def _known(call: Call) -> Subscription:
    number = int(call.key) if call.key.isascii() and call.key.isdigit() else 0
    subscription = call.world.subscriptions.get(number)
    if subscription is None:
        raise not_found(f"leadNotifications/{call.key}")
    _require_access(call, subscription.owner, subscription.lead_type)
    return subscription
