"""What runs out at LinkedIn, told while there is time: once a day, by a timer of its own.

So it depends on no owner, no listing and no lead, and neither several instances nor restarts make
it more or less: of a timer's runs there is one, whatever the number of instances.
"""

from shared import events
from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline, Outside
from shared.rules import LinkedInRules
from shared.values.event_catalogue import Event
from shared.values.linkedin.api_versions import WARN_BEFORE as VERSION_WARNING
from shared.values.linkedin.api_versions import ends_on
from shared.values.linkedin.authorization import WARN_BEFORE as SIGN_IN_WARNING


def watch(deadline: Deadline, outside: Outside) -> None:
    """An alarm for what ends soon, or is over; nothing where LinkedIn is not configured."""
    linkedin = outside.rules.linkedin
    if linkedin is None:
        return
    _watch_version(linkedin, outside)
    _watch_sign_in(deadline, outside)


def _watch_version(linkedin: LinkedInRules, outside: Outside) -> None:
    end = ends_on(linkedin.api_version)
    if outside.now().date() >= end - VERSION_WARNING:
        until = end.isoformat()
        events.alarm(Event.LINKEDIN_VERSION_DUE, until=until, version=linkedin.api_version)


def _watch_sign_in(deadline: Deadline, outside: Outside) -> None:
    try:
        sign_in = outside.leads.sign_in(deadline)
    except TemporaryFailure as failure:
        events.warn(Event.LINKEDIN_SIGN_IN_UNSEEN, reason=str(failure))
    except PermanentFailure as failure:
        # Nothing is left that works: nobody has signed in, or it is over, or taken back.
        today = outside.now().date().isoformat()
        events.alarm(Event.LINKEDIN_SIGN_IN_DUE, until=today, reason=str(failure))
    else:
        if sign_in.refused or outside.now() >= sign_in.ends_at - SIGN_IN_WARNING:
            until = sign_in.ends_at.date().isoformat()
            events.alarm(Event.LINKEDIN_SIGN_IN_DUE, until=until, reason=sign_in.refused)
