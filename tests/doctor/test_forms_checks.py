"""Forms: files that are none, and what visitors should not meet."""

from typing import Any

from shared.broken_form import BrokenForm
from shared.doctor.forms_checks import check_forms
from shared.values.check import Check, State
from shared.values.form import Form
from shared.values.form import State as FormState
from tests.doctor.checks import by_name
from tests.doctor.settings import found
from tests.examples import sample_forms
from tests.fakes.doctor import DoctorOutside


def form(**changes: Any) -> Form:
    """The newsletter of a company that exists."""
    sample = sample_forms()["newsletter"]
    mail = sample.mail.model_copy(update={"sender": "news@contoso.com"})
    return sample.model_copy(update={"mail": mail, **changes})


def outside_with(forms: dict[str, Form], **settings: str) -> DoctorOutside:
    return DoctorOutside(settings_found=found(**settings), forms=forms)


def checks(one: Form, **settings: str) -> dict[str, Check]:
    return by_name(check_forms(outside_with({"newsletter": one}, **settings)))


def test_a_form_is_told_with_its_website_and_sender() -> None:
    assert checks(form())["form newsletter"].found == (
        "published; posted from https://www.contoso.example; mails from news@contoso.com"
    )
    alone = checks(form(allowed_origins=()))["form newsletter"]
    assert (alone.state, "other servers only" in alone.found) == (State.OK, True)


def test_drafts_and_archived_forms() -> None:
    forms = {
        "newsletter": form(),
        "draft": form(state=FormState.DRAFT),
        "archived": form(state=FormState.ARCHIVED),
    }
    said = by_name(check_forms(outside_with(forms)))
    assert said["form draft"].found.startswith("a draft")
    assert said["form archived"].found.startswith("archived")
    assert {check.state for check in said.values()} == {State.OK}


def test_nothing_is_published() -> None:
    for forms in ({}, {"newsletter": form(state=FormState.DRAFT)}):
        said = by_name(check_forms(outside_with(forms, DOI_FORMS_FOLDER="elsewhere")))
        assert said["forms"].state is State.MISSING
        assert "'elsewhere'" in said["forms"].found


def test_files_that_are_no_forms() -> None:
    outside = outside_with({"newsletter": form()})
    outside.broken_forms = (
        BrokenForm(file="a.json", pointer="/mail/sender", reason="is missing"),
        BrokenForm(file="b.json", pointer="", reason="the setting FORM_WEBSITE_URL is missing"),
    )
    said = by_name(check_forms(outside))
    assert said["form file a.json"].state is State.MISSING
    assert said["form file a.json"].found == "at /mail/sender: is missing"
    assert "docs/forms.md" in str(said["form file a.json"].mend)
    assert str(said["form file b.json"].mend).startswith("set it")


def test_two_mistakes_in_a_file_are_two_checks() -> None:
    outside = outside_with({"newsletter": form()})
    outside.broken_forms = tuple(
        BrokenForm(file="a.json", pointer=pointer, reason="is missing") for pointer in ("/id", "/x")
    )
    assert len(list(check_forms(outside))) == 3


def test_what_is_not_encrypted_is_a_warning() -> None:
    one = form(
        privacy_policy_url={"en": "http://www.contoso.com/privacy"},
        allowed_origins=("http://www.contoso.com",),
    )
    said = checks(one)
    assert list(said) == ["form newsletter, addresses"]
    check = said["form newsletter, addresses"]
    assert check.state is State.WARNING
    assert check.found == "not encrypted: allowedOrigins/0, privacyPolicyUrl/en"
    local = checks(one, DOI_PUBLIC_URL="http://127.0.0.1:7071")
    assert local["form newsletter"].state is State.OK


def test_a_redirect_that_is_not_encrypted() -> None:
    redirects = form().redirects.model_copy(update={"confirmed": "http://www.contoso.com/thanks"})
    check = checks(form(redirects=redirects))["form newsletter, addresses"]
    assert "redirects/confirmed" in check.found


def test_the_senders_of_the_sample_are_nobodys() -> None:
    check = by_name(check_forms(outside_with({"newsletter": sample_forms()["newsletter"]})))[
        "form newsletter"
    ]
    assert check.state is State.MISSING
    assert "newsletter@contoso.example" in check.found
    assert "set mail.sender in newsletter.json" in str(check.mend)
