"""The operator's page: one look at everything, without a person, without a script."""

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from shared.desk import DAYS, Desk, Seen
from shared.poison import PoisonMessage, PoisonQueue
from shared.tally import AFTER
from shared.values.age import age_text
from shared.values.event_catalogue import QueueDepth
from shared.values.funnel import Step
from shared.values.funnel_summary import LatestMove
from shared.values.lead_row import LeadRow
from shared.values.queue_name import QueueName
from shared.web import palette
from shared.web.funnel_chart import chart_of
from shared.web.page import Page, environment, page_headers

# How often the page offers to look again.
AGAIN_SECONDS: Final = 10
_COLOUR: Final = "#1f5fae"
_MOST_LEADS: Final = 20
_MOST_VISIBLE: Final = 32  # a queue shows no more of itself
_NOT_OURS: Final = "this version of the app does not read it"
_PATH: Final = "/api/desk"
_WAY: Final[Mapping[Step, str]] = {
    Step.ACCEPTED: "the sign-up stands in a queue, and the website got its answer",
    Step.MAILED: "the confirmation mail has left",
    Step.DELIVERED: "the mail provider reports that it arrived",
    Step.CONFIRMED: "the person pressed the button",
    Step.PROMOTED: "contact and consents are in Dataverse, and the journey was started",
}
_ENDS: Final[Mapping[Step, str]] = {
    Step.BOUNCED: "the mail provider reports that the mail did not arrive",
    Step.DECLINED: "“this was not me”: deleted, and no further mail",
    Step.EXPIRED: "not confirmed in time, so nothing is kept of it",
    Step.FAILED: "somebody has to mend something, then it goes on",
    Step.WITHDRAWN: "the person took the consent back",
}
_LOOKS: Final[Mapping[Step, str]] = {
    Step.PROMOTED: "good",
    Step.FAILED: "alarm",
    Step.DECLINED: "end",
    Step.EXPIRED: "end",
    Step.WITHDRAWN: "end",
}
_QUEUES: Final[Mapping[str, str]] = {
    QueueName.REGISTRATIONS: "mails to send",
    QueueName.PROMOTIONS: "confirmed, on the way into Dataverse",
    QueueName.FOLLOW_UPS: "reminders, and when to forget whom",
    QueueName.LINKEDIN_LEADS: "leads to fetch from LinkedIn",
    QueueName.MAIL_REPORTS: "what became of mails",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """How the page was asked for: `code` is the function key in its address, if it stands there.

    `refresh` is in seconds. `replayed` and `left` are what became of a press on a button.
    """

    code: str | None = None
    refresh: int | None = None
    replayed: int | None = None
    left: int | None = None

    def address(self, **more: int | None) -> str:
        """Of this page, with the key that it was opened with and nothing else but `more`."""
        query = {"code": self.code, **more}
        given = urlencode({name: value for name, value in query.items() if value is not None})
        return f"{_PATH}?{given}" if given else _PATH


def desk_page(desk: Desk, asked: Asked, public_url: str) -> Page:
    """The page in English: it is for who runs the app."""
    seen = desk.registrations
    found = seen.value
    charts = [chart_of(one) for one in found.funnels] if found else None
    busy = [one for one in charts or () if any(stage.count for stage in one.stages) or one.aside]
    trouble = list(_trouble(desk))
    html = (
        environment()
        .get_template("desk.html.j2")
        .render(
            style=desk_style(),
            title=f"({desk.failed_messages + desk.parked_leads}) Desk" if trouble else "Desk",
            host=urlsplit(public_url).netloc,
            at=_moment(desk.at, desk.at, "%Y-%m-%d %H:%M:%S UTC"),
            refresh=_refresh(asked),
            stop_url=asked.address(),
            again_url=asked.address(refresh=AGAIN_SECONDS),
            again_seconds=AGAIN_SECONDS,
            notice=_notice(asked),
            trouble=trouble,
            days=DAYS,
            funnels=busy if found else None,
            funnel_failure=seen.failure,
            nothing_yet=not busy,
            quiet=", ".join(one.form for one in charts or () if one not in busy),
            way=_words(_WAY),
            ends=_words(_ENDS),
            latest=[_latest(one, desk.at) for one in found.latest] if found else [],
            poison=[
                _poison(*each, desk.at)
                for each in zip(QueueName, desk.poison, strict=True)
                if each[1].failure or (each[1].value and each[1].value.count)
            ],
            leads=_leads(desk.leads, desk.at),
            queues=[_queue(depth) for depth in desk.queues],
            counted_after=round(AFTER.total_seconds()),
        )
    )
    # Not "no-referrer": then browsers tell no origin with a press either, which has to be ours.
    headers = page_headers(
        desk_style(), language="en", form_action="'self'", referrer="same-origin"
    )
    return Page(html=html, headers=headers)


@functools.cache
def desk_style() -> str:
    """Of the desk, and of whatever shows the same."""
    template = environment().get_template("desk.css.j2")
    return template.render(light=palette.light(_COLOUR), dark=palette.dark(_COLOUR))


def _refresh(asked: Asked) -> dict[str, Any] | None:
    if asked.refresh is None:
        return None
    return {"seconds": asked.refresh, "url": asked.address(refresh=asked.refresh)}


def _notice(asked: Asked) -> str | None:
    if asked.replayed is None:
        return None
    if not asked.replayed and not asked.left:
        return "It is not there any more."
    told = f"{_counted(asked.replayed, 'message')} put back into the queue."
    if asked.left:
        told += f" {asked.left} stayed: no message that this version of the app reads."
    return told


def _trouble(desk: Desk) -> Iterable[dict[str, str]]:
    if count := desk.failed_messages:
        yield {
            "what": f"{_counted(count, 'message')} failed for good.",
            "do": "Mend what the reason below names, then replay.",
        }
    if count := desk.parked_leads:
        yield {
            "what": f"{_counted(count, 'lead')} parked.",
            "do": "They become registrations once what is named below is mended.",
        }
    unseen = [each for each in (desk.registrations, *desk.poison, desk.leads) if each]
    if failure := next((each.failure for each in unseen if each.failure), None):
        yield {"what": "Not everything could be seen.", "do": f"{failure}."}


def _words(of: Mapping[Step, str]) -> list[dict[str, str]]:
    return [{"name": step.value, "means": means} for step, means in of.items()]


def _latest(one: LatestMove, now: datetime) -> dict[str, Any]:
    return {
        "id": one.move.registration,
        "form": one.form,
        "status": one.move.step.value,
        "look": _LOOKS.get(one.move.step, ""),
        "at": _moment(one.move.at, now),
    }


def _poison(queue: QueueName, seen: Seen[PoisonQueue], now: datetime) -> dict[str, Any]:
    found = seen.value
    more = found.count - len(found.messages) if found else 0
    return {
        "name": queue.poison,
        "queue": queue.value,
        "failure": seen.failure,
        "count_text": _counted(found.count, "message") if found else "not to be seen",
        "messages": [_message(each, now) for each in found.messages] if found else [],
        "more": f"{more} more are not shown; “Replay all” reaches them." if more > 0 else "",
    }


def _message(message: PoisonMessage, now: datetime) -> dict[str, Any]:
    return {
        "id": message.id,
        "name": message.registration or message.id,
        "failure": message.failure or ("unknown" if message.is_ours else _NOT_OURS),
        "can_be_replayed": message.is_ours,
        "at": _moment(message.put_at, now),
    }


def _leads(seen: Seen[tuple[LeadRow, ...]] | None, now: datetime) -> dict[str, Any] | None:
    if seen is None or not (seen.failure or seen.value):
        return None
    rows = seen.value or ()
    more = len(rows) - _MOST_LEADS
    return {
        "count": len(rows),
        "failure": seen.failure,
        "shown": [
            {
                "name": row.lead,
                "form": row.our_form or "not known",
                "why": "; ".join(row.reasons) or "unknown",
                "at": _moment(row.noted_at, now),
            }
            for row in rows[:_MOST_LEADS]
        ],
        "more": f"{more} more: doi linkedin leads parked" if more > 0 else "",
    }


def _queue(depth: QueueDepth) -> dict[str, Any]:
    visible, age = depth["visible"] or 0, depth["age"]
    return {
        "name": depth["queue"],
        "means": _QUEUES[depth["queue"]],
        "seen": depth["waiting"] is not None,
        "waiting": depth["waiting"],
        "visible": f"{visible} or more" if visible >= _MOST_VISIBLE else str(visible),
        "age": age_text(age) if visible and age is not None else "none",
        "poison": "?" if depth["poison"] is None else str(depth["poison"]),
    }


def _moment(at: datetime, now: datetime, form: str | None = None) -> dict[str, str]:
    seconds = max(0, int((now - at).total_seconds()))
    text = at.strftime(form) if form else f"{age_text(seconds)} ago"
    return {"iso": at.isoformat(timespec="seconds"), "text": text}


def _counted(count: int, thing: str) -> str:
    return f"1 {thing}" if count == 1 else f"{count} {thing}s"
