"""What LinkedIn's webhook sends: that a lead came in, or went. No personal data."""

import json
import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import (
    AliasChoices,
    Field,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from shared.values.linkedin.base import LinkedInValue, places
from shared.values.linkedin.keyed_urn import AssociatedEntity, Owner
from shared.values.linkedin.lead_response import FORM_VERSION_NAMES
from shared.values.linkedin.numbers import Moment
from shared.values.linkedin.symbols import LeadActionSymbol, LeadTypeSymbol
from shared.values.linkedin.urns import FormVersionUrn, ResponseId

_LEAD_ACTION = "LEAD_ACTION"
_LISTS = ("elements", "notifications")
_SYMBOL = re.compile(r"[A-Za-z_]{1,60}")


class NotificationsUnreadable(ValueError):
    """The body is no strict JSON, or no object or list of objects. Says where, quotes nothing."""


def _if_readable(given: Any, read: ValidatorFunctionWrapHandler) -> Any:
    try:
        return read(given)
    except ValidationError:
        return None


# Worth knowing, but no reason to lose a lead.
IfReadable = WrapValidator(_if_readable)


class LeadNotification(LinkedInValue):
    """One action on one lead. What is neither its id nor the action is None if unreadable."""

    type: str
    lead_id: ResponseId = Field(alias="leadGenFormResponse")
    lead_action: LeadActionSymbol
    lead_gen_form: Annotated[FormVersionUrn | None, IfReadable] = Field(
        default=None, validation_alias=FORM_VERSION_NAMES
    )
    owner: Annotated[Owner | None, IfReadable] = None
    associated_entity: Annotated[AssociatedEntity | None, IfReadable] = None
    lead_type: Annotated[LeadTypeSymbol | None, IfReadable] = None
    occurred_at: Annotated[Moment | None, IfReadable] = Field(
        default=None,
        # The documentation's table writes the first, its samples the second.
        validation_alias=AliasChoices("occurredAt", "occuredAt"),
    )

    @property
    def identity(self) -> str:
        """Lead and action: LinkedIn gives notifications no id, and sends some twice."""
        return f"{self.lead_id}/{self.lead_action}"


@dataclass(frozen=True, kw_only=True)
class ReceivedNotifications:
    """What one request carried. `ignored`: for each that is no LEAD_ACTION, its type.

    `unreadable`: for each broken one, where it is wrong.
    """

    leads: tuple[LeadNotification, ...]
    ignored: tuple[str, ...]
    unreadable: tuple[str, ...]


def parse_notifications(body: bytes) -> ReceivedNotifications:
    """Reads one object, a list, or a list under `elements` or `notifications`.

    Strict JSON in UTF-8: the samples of LinkedIn's documentation are not, its messages are. A byte
    order mark before it is allowed (https://www.rfc-editor.org/rfc/rfc8259#section-8.1).
    Raises NotificationsUnreadable.
    """
    leads, unreadable, ignored = [], [], []
    for one in _objects(_json(body)):
        if one.get("type") != _LEAD_ACTION:
            ignored.append(_named(one.get("type")))
            continue
        try:
            leads.append(LeadNotification.model_validate(one))
        except ValidationError as error:
            unreadable.append(places(error))
    return ReceivedNotifications(
        leads=tuple(leads), ignored=tuple(ignored), unreadable=tuple(unreadable)
    )


def _named(kind: Any) -> str:
    """It goes into the log, so it has to look like a symbol of LinkedIn's."""
    return kind if isinstance(kind, str) and _SYMBOL.fullmatch(kind) else "unreadable"


def _json(body: bytes) -> Any:
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise NotificationsUnreadable("no JSON") from None


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")


def _objects(given: Any) -> list[dict[str, Any]]:
    if isinstance(given, dict):
        lists = [given[name] for name in _LISTS if isinstance(given.get(name), list)]
        given = lists[0] if lists else [given]
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise NotificationsUnreadable("no object, and no list of objects")
    return given
