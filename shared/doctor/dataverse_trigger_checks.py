"""Whether a form's trigger exists, and takes what the form will send."""

import re
from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches

from shared.dataverse.sight import Sight
from shared.doctor.form_place import FormPlace
from shared.values.check import Check, missing, ok, warning
from shared.values.dataverse.definitions import (
    ParameterType,
    TriggerDefinition,
    TriggerParameter,
)
from shared.values.form_trigger import (
    SYSTEM_PARAMETERS,
    AttributeSource,
    Fact,
    FromFact,
    Trigger,
)

_NAME = "/trigger/name"
_SIMILAR = 3
# A published name ends in digits of its environment.
_SUFFIX = re.compile(r"_\d+$")
_GUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
# What the app sends beside the attributes (customer_insights.py).
_IDS = ("msdynmkt_signaluserauthid", "msdynmkt_profileid")
_TIMES = ("msdynmkt_signaltimestamp", "msdynmkt_signalingestiontimestamp")
_OF_SYSTEM = {
    **dict.fromkeys(_IDS, (ParameterType.STRING, ParameterType.GUID)),
    **dict.fromkeys(_TIMES, (ParameterType.STRING, ParameterType.DATE_TIME)),
    "msdynmkt_bindingid": (ParameterType.STRING,),
}


def check_trigger(trigger: Trigger, place: FormPlace, sight: Sight) -> Iterator[Check]:
    """Raises TemporaryFailure and PermanentFailure."""
    found = sight.trigger(trigger.name)
    if found is None:
        yield _no_trigger(trigger.name, place, sight)
        return
    if not found.is_action:
        yield missing(
            place.name("trigger"),
            f"{trigger.name} is a function, and no custom trigger of Customer Insights - Journeys",
            place.correct(_NAME),
        )
        return
    problems = [*_undeclared(trigger, found, place), *_declared(trigger, found, place)]
    yield from problems or [ok(place.name("trigger"), trigger.name)]


def similar_names(name: str, known: tuple[str, ...]) -> list[str]:
    """The nearest first; names that differ only in the digits at their end are the nearest."""
    bare = _SUFFIX.sub("", name)
    same = [one for one in known if _SUFFIX.sub("", one) == bare]
    others = get_close_matches(name, known, n=_SIMILAR, cutoff=0.6)
    return list(dict.fromkeys([*same, *others]))[:_SIMILAR]


def _no_trigger(name: str, place: FormPlace, sight: Sight) -> Check:
    similar = similar_names(name, sight.trigger_names())
    hint = f"; similar ones are {', '.join(similar)}" if similar else ""
    return missing(
        place.name("trigger"),
        f"there is no trigger {name}{hint}",
        f"{place.correct(_NAME)}: the name stands in the first line of the code snippet"
        " that Customer Insights - Journeys shows for the trigger; or publish the trigger there"
        " (Ready to use)",
    )


def _undeclared(trigger: Trigger, found: TriggerDefinition, place: FormPlace) -> Iterator[Check]:
    """A trigger refuses a parameter that it does not declare."""
    for name in sorted(set(trigger.attributes) - set(found.parameters)):
        own = sorted(set(found.parameters) - SYSTEM_PARAMETERS)
        yield missing(
            place.name(f"trigger attribute {name}"),
            f"{trigger.name} declares no {name}",
            f"remove /trigger/attributes/{name} from {place.form}.json, or add the attribute to the"
            f" trigger. It has: {', '.join(own) or 'none'}",
        )
    for name in sorted(SYSTEM_PARAMETERS - set(found.parameters)):
        yield missing(
            place.name(f"trigger parameter {name}"),
            f"{trigger.name} declares no {name}, which the app always sends",
            "use a custom trigger of Customer Insights - Journeys (Triggers → New trigger → When a"
            f" customer interacts with a website/app): {place.correct(_NAME)}",
        )


def _declared(trigger: Trigger, found: TriggerDefinition, place: FormPlace) -> Iterator[Check]:
    for name, parameter in sorted(found.parameters.items()):
        if name in SYSTEM_PARAMETERS:
            if parameter.type not in _OF_SYSTEM[name]:
                yield _wrong_type(name, parameter, place)
        elif name not in trigger.attributes:
            yield _not_sent(name, parameter, trigger.name, place)
        elif not _fits(trigger.attributes[name], parameter):
            yield _wrong_type(name, parameter, place)


def _not_sent(name: str, parameter: TriggerParameter, trigger: str, place: FormPlace) -> Check:
    subject = place.name(f"trigger attribute {name}")
    mend = f"give /trigger/attributes/{name} a source in {place.form}.json"
    if parameter.optional:
        # learn.microsoft.com/dynamics365/customer-insights/journeys/ →
        # real-time-marketing-known-issues
        found = f"{trigger} declares {name}, and the form does not send it: a journey that uses it"
        return warning(subject, f"{found} ends in a failure", mend)
    return missing(subject, f"{trigger} requires {name}, and the form does not send it", mend)


def _wrong_type(name: str, parameter: TriggerParameter, place: FormPlace) -> Check:
    kind = parameter.type.in_words if parameter.type is not None else "unknown"
    return missing(
        place.name(f"trigger attribute {name}"),
        f"{name} is of type {kind}, and the form sends text",
        f"make the attribute a text in the trigger, or correct /trigger/attributes/{name} in"
        f" {place.form}.json",
    )


def _fits(source: AttributeSource, parameter: TriggerParameter) -> bool:
    """Everything is sent as text; some texts read as something else."""
    fact = source.fact if isinstance(source, FromFact) else None
    match parameter.type:
        case ParameterType.STRING:
            return True
        case ParameterType.DATE_TIME:
            return fact is Fact.CONFIRMED_AT or (isinstance(source, str) and _is_instant(source))
        case ParameterType.GUID:
            is_guid = isinstance(source, str) and bool(_GUID.fullmatch(source))
            return fact is Fact.REGISTRATION_ID or is_guid
    return False


def _is_instant(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
