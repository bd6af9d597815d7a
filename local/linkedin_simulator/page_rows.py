"""The lists of the page: leads, subscriptions, notifications, as people read them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from local.linkedin_simulator.stored import Answer, Lead
from local.linkedin_simulator.world import World

SHOWN = 30
STATUSES = {
    "valid": "Valid",
    "blocked": "Blocked",
    "unvalidated": "Not validated yet",
}
OUTCOMES = {
    "sending": "Sending",
    "delivered": "Delivered",
    "failed": "Failed",
    "lost": "Lost on request",
    "held": "Held back on request",
}
KINDS = {"valid": "good", "delivered": "good", "blocked": "bad", "failed": "bad"}


@dataclass(frozen=True, kw_only=True)
class LeadCard:
    """`title` is the address, or what comes nearest; `details` are labels and values."""

    id: str
    title: str
    form: str
    test_lead: bool
    details: tuple[tuple[str, str], ...]
    at: str


@dataclass(frozen=True, kw_only=True)
class SubscriptionCard:
    id: int
    webhook: str
    concerns: str
    status: str
    kind: str
    problem: str
    at: str


@dataclass(frozen=True, kw_only=True)
class DeliveryCard:
    id: int
    lead_id: str
    action: str
    webhook: str
    outcome: str
    kind: str
    attempts: int
    problem: str
    at: str


def leads(world: World) -> list[LeadCard]:
    return [_lead(world, lead) for lead in list(world.leads())[:SHOWN]]


def _lead(world: World, lead: Lead) -> LeadCard:
    form: dict[str, Any] = world.forms[lead.form_id].version(lead.version_id) or {}
    questions = {each["questionId"]: each for each in form["content"]["questions"]}
    details = [
        (questions.get(each.question_id, {}).get("name", "?"), _readable(questions, each))
        for each in lead.answers
    ]
    ticked = [str(consent) for consent, accepted in lead.consents.items() if accepted]
    addresses = [value for _, value in details if "@" in value]
    return LeadCard(
        id=lead.id,
        title=next(iter(addresses), "No e-mail address"),
        form=f"{form['name']}, version {lead.version_id}",
        test_lead=lead.test_lead,
        details=(*details, ("Consents ticked", ", ".join(ticked) or "none")),
        at=datetime.fromtimestamp(lead.submitted_at / 1000, UTC).isoformat(),
    )


def _readable(questions: dict[int, dict[str, Any]], answer: Answer) -> str:
    if answer.text is not None:
        return answer.text
    details = questions.get(answer.question_id, {}).get("questionDetails", {})
    options = details.get("multipleChoiceQuestionDetails", {}).get("options", [])
    texts = {each["id"]: next(iter(each["text"]["localized"].values())) for each in options}
    return ", ".join(texts.get(number, f"option {number}") for number in answer.options) or "none"


def subscriptions(world: World) -> list[SubscriptionCard]:
    return [
        SubscriptionCard(
            id=each.id,
            webhook=each.webhook.partition("?")[0],  # behind it may stand a secret
            concerns=", ".join(
                filter(
                    None,
                    (
                        each.lead_type,
                        each.owner_urn,
                        each.versioned_form,
                        *(each.associated_entity or {}).values(),
                    ),
                )
            ),
            status=STATUSES[each.status],
            kind=KINDS.get(each.status, ""),
            problem=each.problem,
            at=each.validated_at.isoformat() if each.validated_at else "",
        )
        for each in world.subscriptions.values()
    ]


def deliveries(world: World) -> list[DeliveryCard]:
    latest = sorted(world.deliveries.values(), key=lambda each: each.id, reverse=True)[:SHOWN]
    return [
        DeliveryCard(
            id=each.id,
            lead_id=each.lead_id,
            action=each.action,
            webhook=each.webhook.partition("?")[0],
            outcome=OUTCOMES[each.outcome] + (f" ({each.status})" if each.status else ""),
            kind=KINDS.get(each.outcome, ""),
            attempts=each.attempts,
            problem=each.problem,
            at=each.at.isoformat(),
        )
        for each in latest
    ]
