"""The workbook, from the queries in infra/queries: what is asked, and how the answer is shown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from local.monitoring.workbook_items import (
    Chart,
    Item,
    bars,
    choice_of,
    choice_of_query,
    parameters,
    picks,
    query,
    tabs,
    text,
    time_range,
    typed,
    workbook,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

# main.bicep puts the component's id here.
RESOURCE = "__APPLICATION_INSIGHTS_ID__"
# A query's own defaults, and what stands there in the workbook. A parameter that nobody has set is
# written as "<unset>".
CHOSEN: Mapping[str, str] = {
    'let only_form = "*";': 'let only_form = "{Form}";',
    'let only_source = "*";': 'let only_source = "{Source}";',
    'let only_registration = "";': (
        'let only_registration = iff("{Registration}" in ("", "<unset>"), '
        '"{Clicked}", "{Registration}");'
    ),
}
_TABS = {
    "funnel": "Funnel",
    "latency": "Latency",
    "queues": "Queues",
    "mail": "Mail",
    "limits": "Limits",
    "leads": "LinkedIn",
    "alarms": "Alarms",
    "registration": "One registration",
}
_ABOUT = """# Double opt-in
From the sign-up to the journey. Nothing here names a person: a registration is an id, a network a
digest. What each event means, and what to do about it: `docs/events.md`; about an alert:
`docs/operations.md`. Only Azure Communication Services reports what was delivered and what bounced;
with another mail provider these are zero."""


def workbook_json(queries: Mapping[str, str]) -> str:
    """infra/monitoring/workbook.json. `queries` are the texts of infra/queries by file name.

    Raises KeyError for a query that is not there.
    """
    made = workbook(_items({name: _chosen(asked) for name, asked in queries.items()}), RESOURCE)
    return json.dumps(made, indent=2) + "\n"


def _chosen(asked: str) -> str:
    for default, chosen in CHOSEN.items():
        asked = asked.replace(default, chosen)
    return asked


def _items(queries: Mapping[str, str]) -> list[Item]:
    def ask(  # noqa: PLR0913 - what a chart is made of
        file: str,
        title: str,
        shown_as: str,
        tab: str,
        *,
        width: int = 100,
        empty: str = "Nothing in this time.",
        more: Mapping[str, Any] | None = None,
    ) -> Item:
        chart = Chart(title=title, shown_as=shown_as, width=width, empty=empty, more=more or {})
        return query(file, queries[f"{file}.kql"], chart, tab)

    return [
        text("about", _ABOUT),
        parameters(
            "choice",
            [
                time_range("Time", days=(1, 2, 7, 14, 30, 90), default=7),
                choice_of_query("Form", "Form", queries["forms.kql"]),
                choice_of(
                    "Source",
                    "Source",
                    {"*": "All sources", "website": "Website", "linkedin": "LinkedIn"},
                ),
            ],
        ),
        tabs(_TABS),
        ask(
            "funnel",
            "How far sign-ups came",
            "table",
            "funnel",
            width=40,
            more=bars("registrations"),
        ),
        ask("stages_by_day", "Each day's", "timechart", "funnel", width=60),
        ask("funnel_by_day", "By day, form and source", "table", "funnel"),
        ask("latency_mail", "Seconds from sign-up to mail", "timechart", "latency", width=50),
        ask("latency_promotion", "Seconds from click to journey", "timechart", "latency", width=50),
        ask("queues_now", "At the latest look", "table", "queues", width=50),
        ask(
            "poison",
            "What waited in poison: doi poison list says what waits now",
            "table",
            "queues",
            width=50,
            empty="Nothing was in poison.",
        ),
        ask("queue_depth", "Messages in the queues", "timechart", "queues", width=50),
        ask("queue_age", "Age of the oldest, in seconds", "timechart", "queues", width=50),
        ask("bounces", "Mails by day, form and source", "table", "mail"),
        ask("bounce_reasons", "What the provider reports", "piechart", "mail", width=30),
        ask("mail_provider", "Throttling and pauses", "table", "mail", width=70),
        ask("throttled_sources", "Networks that are mailed slowly", "table", "limits"),
        ask("leads", "Leads that wait for somebody, or came late", "table", "leads"),
        ask("alarms", "What somebody has to look at", "table", "alarms", empty="Nothing."),
        parameters(
            "registration_choice",
            [typed("Registration", "Registration", "Its id; or click a row below.")],
            tab="registration",
        ),
        ask("registration", "All of its events", "table", "registration", empty="Choose one."),
        ask(
            "registrations",
            "The latest: click one",
            "table",
            "registration",
            more=picks("registration", "Clicked"),
        ),
    ]
