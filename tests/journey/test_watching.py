"""What is to be seen of a run: its events in order, every chart, and nobody's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests

from shared.values.mail import operation_id
from tests.journey import function_log
from tests.journey.inbox import mail_to
from tests.journey.leads import fill_in, validate_webhooks, wait_for_lead
from tests.journey.person import DOMAIN, Person, somebody
from tests.journey.sign_up import SECONDS, newsletter, post_json, press, registrations_url
from tests.journey.storage import put, wait_for_record
from tests.journey.waiting import until
from tests.mail_events import event_grid_event, report_data
from tests.monitoring.kql import query_files
from tests.monitoring.logs import Logs
from tests.personal_traces import found_in
from tests.running_stack import MISSPELT, Stack
from tests.told import names, told_in

pytestmark = pytest.mark.stack

PHONE, MESSAGE = "+49 30 55512345", "Ring me at the Überlingen office"
BROWSER, ADDRESS = "Unmistakable/77.1 (Amiga)", "203.0.113.201"
HEADERS = {"User-Agent": BROWSER, "X-Forwarded-For": ADDRESS}
QUERIES = {query.name: query.text for query in query_files()}


@dataclass(frozen=True, kw_only=True)
class Run:
    """Registrations by what became of them, everybody who took part, and the log of it all."""

    registrations: Mapping[str, str]
    people: tuple[Person, ...]
    lines: tuple[str, ...]
    logs: Logs

    def ask(self, query: str, **chosen: str) -> list[dict[str, object]]:
        return self.logs.ask(QUERIES[f"{query}.kql"], chosen)


@pytest.fixture(scope="module")
def run(stack: Stack) -> Run:
    """One of each: confirmed, declined, bounced, from LinkedIn, refused, and rubbish."""
    validate_webhooks(stack)
    people = tuple(somebody(first) for first in ("Zdzisława", "Ottokar", "Griselda", "Wulfhild"))
    confirmed, declined, bounced, member = people
    registrations = {
        "confirmed": _accepted(stack, _everything(confirmed), "whitepaper"),
        "declined": _accepted(stack, newsletter(declined), "newsletter"),
        "bounced": _accepted(stack, newsletter(bounced), "newsletter"),
    }
    lead = fill_in(stack, member)
    press(mail_to(stack, confirmed.email).confirm_url)
    press(mail_to(stack, declined.email).decline_url)
    mail_to(stack, bounced.email)
    report = report_data(operation_id(registrations["bounced"], 1), bounced.email, "Bounced")
    wait_for_record(stack, registrations["bounced"], "pending")
    function_log.wait_until_handled(stack, put(stack, "mail-reports", event_grid_event(report)))
    registrations["lead"] = wait_for_lead(stack, lead, "taken_in")["registrationId"]
    press(mail_to(stack, member.email).confirm_url)
    _what_is_refused(stack, confirmed)
    for whose in ("confirmed", "lead"):
        function_log.wait_until_told(stack, "promoted", registration=registrations[whose])
    looks = len(function_log.told(stack, "queue_depth"))
    requests.post(f"{stack.functions}/admin/functions/watch_poison", json={}, timeout=SECONDS)
    until(lambda: len(function_log.told(stack, "queue_depth")) > looks, "the watch")
    lines, logs = tuple(function_log.lines(stack)), Logs()
    logs.read(lines)
    return Run(registrations=registrations, people=people, lines=lines, logs=logs)


def _everything(person: Person) -> dict[str, object]:
    fields = {"phone": PHONE, "message": MESSAGE, "companySize": "small"}
    fields |= {"email": person.email, "firstName": person.first_name, "lastName": person.last_name}
    return {
        "fields": fields | {"asset": "consent-that-holds"},
        "consents": ["download"],
        "locale": "de",
        "source": {"campaign": person.last_name, "pageUrl": f"https://x.example/?{person.email}"},
    }


def _accepted(stack: Stack, body: dict[str, object], form: str) -> str:
    answer = post_json(stack, body, form=form, headers=HEADERS)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["registrationId"])


def _what_is_refused(stack: Stack, person: Person) -> None:
    """Whatever is wrong with a call, it may name somebody."""
    url = registrations_url(stack)
    wrong = newsletter(person, email=f"{person.email}\x00", nickname=person.last_name)
    assert post_json(stack, wrong, headers=HEADERS).status_code == 422
    broken = f'{{"fields": {{"email": "{person.email}"'
    for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        headers = {**HEADERS, "Content-Type": content_type}
        refused = requests.post(url, data=broken.encode(), headers=headers, timeout=SECONDS)
        assert refused.status_code in {400, 415, 422}
    press(f"{stack.functions}/api/confirm?token={person.email}")
    requests.get(f"{stack.functions}/api/{person.email}", headers=HEADERS, timeout=SECONDS)
    for queue in ("registrations", "promotions"):
        function_log.wait_until_handled(stack, put(stack, queue, f'{{"who": "{person.email}"}}'))


def test_a_registration_is_followed_through_all_of_its_events(run: Run) -> None:
    rows = run.ask("registration", only_registration=run.registrations["confirmed"])
    assert [row["event"] for row in rows] == [
        "accepted",
        "mailed",
        "confirmed",
        "contact_written",
        "promoted",
    ]
    assert {row["level"] for row in rows} == {"INFO"}
    rows = run.ask("registration", only_registration=run.registrations["declined"])
    assert [row["event"] for row in rows] == ["accepted", "mailed", "declined"]


def test_the_funnel_counts_each_of_them_by_form_and_source(run: Run) -> None:
    ours = set(run.registrations.values())
    logs = Logs()
    logs.read(line for line in run.lines if any(each in line for each in ours))
    funnel = logs.ask(QUERIES["funnel.kql"])
    assert [(row["stage"], row["registrations"]) for row in funnel] == [
        ("1 accepted", 4),
        ("2 mailed", 4),
        ("3 delivered", 0),  # the mail catcher reports nothing
        ("4 confirmed", 2),
        ("5 promoted", 2),
    ]
    rows = logs.ask(QUERIES["funnel_by_day.kql"])
    found = {
        (row["form"], row["source"]): (row["accepted"], row["bounced"], row["promoted"])
        for row in rows
    }
    assert found == {
        ("whitepaper", "website"): (1, 0, 1),
        ("newsletter", "website"): (2, 1, 0),
        ("newsletter", "linkedin"): (1, 0, 1),
    }
    chosen = logs.ask(QUERIES["funnel.kql"], {"only_source": "linkedin"})
    assert [row["registrations"] for row in chosen] == [1, 1, 0, 1, 1]


@pytest.mark.parametrize("name", QUERIES)
def test_every_query_runs_on_what_the_app_logs(name: str, run: Run) -> None:
    rows = run.logs.ask(QUERIES[name])
    if not name.startswith(("alert", "leads", "throttled", "mail_provider")):
        assert rows or name == "registration.kql"


def test_what_waits_is_seen_with_its_poison(run: Run) -> None:
    rows = {row["queue"]: row for row in run.ask("queues_now")}
    assert set(rows) == {
        "registrations",
        "promotions",
        "follow-ups",
        "linkedin-leads",
        "mail-reports",
    }
    assert int(str(rows["follow-ups"]["waiting"])) >= 1  # the broom of the one that bounced
    assert int(str(rows["registrations"]["poison"])) >= 1
    alerts = {row["queue"] for row in run.ask("alert_poison_waiting")}
    assert {"registrations", "promotions"} <= alerts


def test_a_misspelt_setting_is_told_at_the_start_and_by_the_watch(run: Run) -> None:
    events = [each for each in told_in(run.lines) if each.event == "unknown_setting"]
    assert [each.facts for each in events] == [{"setting": MISSPELT}] * 2
    first_look = names(told_in(run.lines)).index("queue_depth")
    assert names(told_in(run.lines))[:first_look].count("unknown_setting") == 2


def test_no_line_of_the_run_names_anybody(run: Run) -> None:
    secrets = [PHONE, "55512345", MESSAGE, "Überlingen", BROWSER, ADDRESS, DOMAIN]
    for person in run.people:
        local_part = person.email.partition("@")[0]
        secrets += [person.email, local_part, person.first_name, person.last_name]
    for registration in run.registrations.values():
        assert [line for line in run.lines if registration in line]
    assert found_in(run.lines, secrets) == []


def test_a_line_that_named_somebody_would_be_found(run: Run, tmp_path: Path) -> None:
    """The same search on the same log, and one line more."""
    person = run.people[0]
    log = tmp_path / "functions.log"
    planted = f"2026-11-25 12:00:00,000 INFO host: body was {person.first_name.encode()!r}"
    log.write_text("\n".join([*run.lines, planted]), encoding="utf-8")
    lines = log.read_text(encoding="utf-8").splitlines()
    assert {line for _, _, line in found_in(lines, [person.first_name])} == {planted}
