"""The log of the functions host."""

from collections.abc import Iterator
from contextlib import contextmanager

from tests.journey.waiting import until
from tests.running_stack import Stack
from tests.told import Told, told_in


def lines(stack: Stack) -> list[str]:
    text = (stack.data / "logs" / "functions.log").read_text(encoding="utf-8", errors="replace")
    return text.splitlines()


def lines_with(stack: Stack, text: str) -> list[str]:
    return [line for line in lines(stack) if text in line]


def wait_for(stack: Stack, text: str) -> list[str]:
    """The lines with that text, as soon as there is one."""
    return until(lambda: lines_with(stack, text), f"'{text}' in the log")


def told(stack: Stack, event: str, **facts: object) -> list[Told]:
    """The events of that name that carry these facts."""
    events = told_in(lines_with(stack, f'{{"event":"{event}"'))
    return [each for each in events if each.has(**facts)]


def wait_until_told(stack: Stack, event: str, **facts: object) -> list[Told]:
    """The same, as soon as there is one."""
    return until(lambda: told(stack, event, **facts), f"event {event} with {facts}")


def wait_until_handled(stack: Stack, message_id: str) -> None:
    """Until the function that the queue message triggered has ended well."""
    wait_for(stack, f"{message_id}) succeeded")


@contextmanager
def handling(stack: Stack, queue: str, messages: int) -> Iterator[None]:
    """Go on when so many messages of a queue were handled since: done, or put back for later."""

    def handled() -> int:
        return len(lines_with(stack, f"(queue {queue} "))

    before = handled()
    yield
    until(lambda: handled() >= before + messages, f"{messages} messages of {queue} handled")
