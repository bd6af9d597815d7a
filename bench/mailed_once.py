"""That the app mailed everybody once: a second mail would count for somebody who got none."""

from collections.abc import Sequence

from azure.storage.queue import QueueClient

from bench.mail_sink import Caught
from bench.message_template import REGISTRATIONS
from bench.queue_backlog import length, wait_until
from bench.stack import BenchStack
from shared.values.queue_name import QueueName

POISON = QueueName.REGISTRATIONS.poison


def mailed_once(stack: BenchStack, addresses: Sequence[str], *, seconds: float) -> list[Caught]:
    """A mail to each of them, in the order in which they came; the queue is worked off then.

    Waits up to `seconds` for the mails, and for the queue. Raises RuntimeError when mails are
    missing, came twice or went to others, and when a message was given up.
    """
    mails = stack.mails.take_one_each(addresses, seconds=seconds)
    waiting, poison = (
        QueueClient.from_connection_string(stack.storage, name) for name in (REGISTRATIONS, POISON)
    )
    with waiting, poison:
        wait_until(waiting, 0, seconds=seconds)
        if given_up := length(poison):
            raise RuntimeError(f"{given_up} messages of {len(addresses)} ended in {POISON}")
    stack.mails.must_be_empty()
    return mails
