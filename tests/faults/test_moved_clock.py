"""Days pass for every process of the stack, the storage included: what waits becomes due."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from azure.data.tables import TableServiceClient
from azure.storage.queue import QueueServiceClient

from tests.journey import function_log
from tests.journey.inbox import Mail, mail_to, mails_to
from tests.journey.person import DOMAIN, FAMILY, Person, somebody
from tests.journey.sign_up import press, press_with, sign_up, token_of
from tests.journey.storage import find_record, wait_for_record
from tests.journey.waiting import until
from tests.running_stack import ROOT, Stack, running_stack

CLOCK = Path(__file__).parent / "moved_clock"
DAY = timedelta(days=1)


@contextmanager
def at(folder: Path, passed: timedelta) -> Iterator[Stack]:
    """The same stack, that much later; its newsletter reminds after two days."""
    forms = folder / "forms"
    if not forms.exists():
        shutil.copytree(ROOT / "forms", forms)
        form = json.loads((forms / "newsletter.json").read_text(encoding="utf-8"))
        form |= {"linkLifetime": "P3D", "forgottenAfter": "P7D", "reminderAfter": "P2D"}
        (forms / "newsletter.json").write_text(json.dumps(form), encoding="utf-8")
    with running_stack(
        folder,
        DOI_FORMS_FOLDER=str(forms),
        CLOCK_AHEAD_SECONDS=str(passed.total_seconds()),
        PYTHONPATH=str(CLOCK),
        NODE_OPTIONS=f"--require {CLOCK / 'moved_clock.cjs'}",
    ) as stack:
        yield stack


def test_unconfirmed_data_vanishes_on_time(tmp_path: Path) -> None:
    silent, confirmed, declined = somebody(), somebody(), somebody()
    with at(tmp_path, 0 * DAY) as stack:
        ids = {person: sign_up(stack, person) for person in (silent, confirmed, declined)}
        first = mail_to(stack, silent.email)
        assert press(mail_to(stack, confirmed.email).confirm_url).status_code == 200
        assert press(mail_to(stack, declined.email).decline_url).status_code == 200
        wait_for_record(stack, ids[confirmed], "promoted")
        wait_for_record(stack, ids[silent], "pending")

    with at(tmp_path, 2 * DAY + timedelta(hours=1)) as stack:
        reminder = _next_mail(stack, silent, [first])
        function_log.wait_until_told(stack, "mailed", kind="reminder")

    with at(tmp_path, 5 * DAY + timedelta(hours=2)) as stack:
        assert _renew(stack, first) == 202  # the reminder's link is three days old, too
        fresh = _next_mail(stack, silent, [first, reminder])
        assert _renew(stack, reminder) == 202  # once more brings no other mail
        function_log.wait_until_told(stack, "mailed", kind="renewal")
        until(lambda: "registrations" not in _messages(stack), "an empty queue")

    with at(tmp_path, 8 * DAY) as stack:
        wait_for_record(stack, ids[silent], "pending")  # seven days after the latest mail
        assert len(mails_to(stack, silent.email)) == 3  # and no second reminder
        assert len(mails_to(stack, confirmed.email)) == 1
        assert len(mails_to(stack, declined.email)) == 1

    with at(tmp_path, 12 * DAY + timedelta(hours=3)) as stack:
        until(lambda: find_record(stack, ids[silent]) is None, "the record's end", seconds=60)
        function_log.wait_until_told(stack, "expired", registration=ids[silent])
        until(lambda: _messages(stack) in ({}, {"follow-ups": 1}), "empty queues")
        rows = _rows(stack)
        assert ids[confirmed] in rows  # its evidence stays
        for trace in silent.traces + declined.traces:
            assert trace not in rows
        assert _press(stack, fresh) == 410

    with at(tmp_path, 43 * DAY) as stack:  # the suppression is over: its row goes
        until(lambda: not _messages(stack), "no message at all")
        assert "suppressedUntil" not in _rows(stack)

    for log in (tmp_path / "data" / "logs").iterdir():
        text = log.read_text(encoding="utf-8", errors="replace")
        if log.name == "functions.log":
            assert DOMAIN not in text
            assert FAMILY not in text


def test_old_links_outlive_a_new_key_and_end_with_their_own(tmp_path: Path) -> None:
    old, new = "the-older-key-of-this-very-test-0001", "the-newer-key-of-this-very-test-0002"
    early, late = somebody(), somebody()
    with running_stack(tmp_path, DOI_TOKEN_KEYS=old) as stack:
        sign_up(stack, early)
        first = mail_to(stack, early.email)
    with running_stack(tmp_path, DOI_TOKEN_KEYS=f"{new},{old}") as stack:
        sign_up(stack, late)
        second = mail_to(stack, late.email)
        assert _press(stack, first) == 200
    with running_stack(tmp_path, DOI_TOKEN_KEYS=new) as stack:
        assert _press(stack, first) == 404
        assert _press(stack, second) == 200


def _next_mail(stack: Stack, person: Person, known: list[Mail]) -> Mail:
    """The mail that comes after those; the mail catcher keeps all of them."""
    before = {mail.id for mail in known}

    def look() -> list[Mail]:
        return [mail for mail in mails_to(stack, person.email) if mail.id not in before]

    [mail] = until(look, "one more mail")
    return mail


def _press(stack: Stack, mail: Mail) -> int:
    # The ports of this stack are not those of the one that wrote the mail.
    address = f"{stack.functions}/api/confirm"
    return press_with(address, token_of(mail.confirm_url)).status_code


def _renew(stack: Stack, mail: Mail) -> int:
    return press_with(f"{stack.functions}/api/renew", token_of(mail.confirm_url)).status_code


def _messages(stack: Stack) -> dict[str, int]:
    """How many messages stand in each queue that is not empty, hidden ones included."""
    with QueueServiceClient.from_connection_string(stack.azurite) as service:
        counts = {
            queue.name: service.get_queue_client(queue.name)
            .get_queue_properties()
            .approximate_message_count
            for queue in service.list_queues()
        }
    return {name: count for name, count in counts.items() if count}


def _rows(stack: Stack) -> str:
    """Every row of every table, as text."""
    with TableServiceClient.from_connection_string(stack.azurite) as service:
        return "\n".join(
            json.dumps(dict(row), default=str, ensure_ascii=False)
            for table in service.list_tables()
            for row in service.get_table_client(table.name).list_entities()
        )
