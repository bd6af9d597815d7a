"""A person fills in a lead form: what LinkedIn checks, and the lead that comes of it."""

from typing import Any
from uuid import uuid4

from email_validator import EmailNotValidError, validate_email
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from local.linkedin_simulator.settings import NotificationMode
from local.linkedin_simulator.stored import Answer, Lead, LeadForm, LeadType
from local.linkedin_simulator.urns import number_of, urn
from local.linkedin_simulator.world import World

ADDRESSES = ("EMAIL", "WORK_EMAIL")


class Submission(BaseModel):
    """`answers` by question id: a text, or ids of options; `consents` are the accepted ids.

    `unchecked` leaves out LinkedIn's checks, and `override` replaces fields of the finished lead:
    for leads that should not exist but have to be borne. `version` is the form as it was when the
    person opened it; without, the current one. `submitted_at` in ms.
    """

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, validate_by_name=True)

    form: int
    version: int | None = None
    lead_type: LeadType | None = None
    answers: dict[int, str | list[int]] = Field(default_factory=dict)
    consents: list[int] = Field(default_factory=list)
    test_lead: bool = False
    notification: NotificationMode | None = None
    submitted_at: int | None = None
    unchecked: bool = False
    override: dict[str, Any] = Field(default_factory=dict)


class Refused(Exception):
    """The form refuses; `problems` by the id of the question, or `consent-<id>`, or `form`."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{place}: {problem}" for place, problem in problems.items()))
        self.problems = problems


def submit(world: World, submission: Submission) -> Lead:
    """Store the lead. Raise Refused."""
    form = world.forms.get(submission.form)
    if form is None:
        raise Refused({"form": "there is no such form"})
    shown = form.current if submission.version is None else form.version(submission.version)
    if shown is None or form.current["state"] == "DRAFT":
        # An archived form may still be open on somebody's screen.
        raise Refused({"form": "nobody can see this form: publish it"})
    lead_type = submission.lead_type or _usual_lead_type(form)
    if ("sponsoredAccount" in form.owner) != (lead_type == "SPONSORED"):
        raise Refused({"form": f"{lead_type} leads don't come from a form of this owner"})
    if not submission.unchecked and (problems := _problems(shown, submission)):
        raise Refused(problems)
    lead = Lead(
        id=f"{uuid4()}-{world.next_id() % 10}",
        owner=form.owner,
        lead_type=lead_type,
        form_id=form.id,
        version_id=shown["versionId"],
        submitted_at=submission.submitted_at or world.milliseconds(),
        response_id=str(uuid4()),
        submitter=f"urn:li:person:{uuid4().hex[:10]}",
        test_lead=submission.test_lead,
        answers=tuple(_answers(shown, submission)),
        consents={
            consent["id"]: consent["id"] in submission.consents
            for consent in shown["content"]["legalInfo"]["consents"]
        },
        override=submission.override,
    )
    if not submission.test_lead:  # test leads have no campaign
        lead = lead.model_copy(update=_attached_to(world, form, lead_type))
    world.put_lead(lead)
    return lead


def _usual_lead_type(form: LeadForm) -> LeadType:
    return "SPONSORED" if "sponsoredAccount" in form.owner else "EVENT"


def _attached_to(world: World, form: LeadForm, lead_type: LeadType) -> dict[str, Any]:
    """Where LinkedIn showed the form: a campaign's creative, an event, a page or a product."""
    owner = form.owner
    account = world.seed.account(
        number_of(owner.get("sponsoredAccount", ""), "sponsoredAccount") or 0
    )
    if account is not None:
        creative = urn("sponsoredCreative", account.campaign.creative)
        return {
            "campaign": urn("sponsoredCampaign", account.campaign.id),
            "entity": {"associatedCreative": creative},
        }
    page = world.seed.organization(number_of(owner.get("organization", ""), "organization") or 0)
    if page is None:
        return {}
    return {
        "entity": {
            "EVENT": {"event": urn("event", page.event)},
            "ORGANIZATION_PRODUCT": {"product": urn("standardizedProduct", page.product)},
        }.get(lead_type, {"organization": urn("organization", page.id)})
    }


def _problems(shown: dict[str, Any], submission: Submission) -> dict[str, str]:
    problems = {}
    questions = shown["content"]["questions"]
    for question in questions:
        problem = _problem(question, submission.answers.get(question["questionId"]))
        if problem:
            problems[str(question["questionId"])] = problem
    for unknown in submission.answers.keys() - {each["questionId"] for each in questions}:
        problems[str(unknown)] = "the form has no such question"
    consents = shown["content"]["legalInfo"]["consents"]
    for consent in consents:
        if consent["checkRequired"] and consent["id"] not in submission.consents:
            problems[f"consent-{consent['id']}"] = "has to be ticked"
    for unknown in set(submission.consents) - {consent["id"] for consent in consents}:
        problems[f"consent-{unknown}"] = "the form has no such consent"
    return problems


def _problem(question: dict[str, Any], answer: str | list[int] | None) -> str:
    if not answer:
        return "is required" if question["responseRequired"] else ""
    choice = question["questionDetails"].get("multipleChoiceQuestionDetails")
    if choice:
        known = {option["id"] for option in choice["options"]}
        return "" if isinstance(answer, list) and known.issuperset(answer) else "no such option"
    if not isinstance(answer, str):
        return "a text is expected"
    longest = question["questionDetails"]["textQuestionDetails"]["maxResponseLength"]
    if len(answer) > longest:
        return f"at most {longest} characters"
    if question.get("predefinedField") in ADDRESSES:
        try:
            validate_email(answer, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            return "is no e-mail address"
    return ""


def _answers(shown: dict[str, Any], submission: Submission) -> list[Answer]:
    """In the order of the form; a choice without any option is there, an empty text is not."""
    choices = {
        question["questionId"]
        for question in shown["content"]["questions"]
        if "multipleChoiceQuestionDetails" in question["questionDetails"]
    }
    order = [question["questionId"] for question in shown["content"]["questions"]]
    others = [number for number in submission.answers if number not in order]
    answers = []
    for number in (*order, *others):
        given = submission.answers.get(number)
        if isinstance(given, list) or (given is None and number in choices):
            answers.append(Answer(question_id=number, options=tuple(given or ())))
        elif given:
            answers.append(Answer(question_id=number, text=str(given)))
    return answers
