"""The first step of the story (double_opt_in), which a visitor waits for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shared import events
from shared.values.event_catalogue import Event
from shared.values.messages import RegistrationMessage
from shared.values.queue_name import QueueName

if TYPE_CHECKING:
    from shared.ports import Outside
    from shared.values.registration import Registration


def register(registration: Registration, outside: Outside) -> None:
    """Accept: one storage operation, no look-up, so the answer cannot reveal who is known.

    Raises TemporaryFailure when the queue did not say that it took it.
    Raises MessageTooLarge when no queue message could hold it.
    """
    message = RegistrationMessage(registration=registration)
    outside.queues.put(QueueName.REGISTRATIONS, message.to_fitting_json())
    events.note(Event.ACCEPTED, registration.about)
