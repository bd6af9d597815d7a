"""What goes to Dataverse and Customer Insights: columns, consents, the trigger's attributes."""

from datetime import timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from shared.values.column_value import FormChanged
from shared.values.contact import ConsentRow, contact_of, trigger_of
from shared.values.form import Form
from shared.values.form_trigger import Trigger
from shared.values.known_facts import utc_text
from shared.values.record import Record
from shared.values.record_notes import Click
from shared.values.registration import GivenConsent, Source
from tests.examples import FORM_SETTINGS, NOON, PEPPER, PURPOSE, record, registration, sample_forms

FORM = sample_forms()["whitepaper"]
TOPIC = FORM_SETTINGS["FORM_TOPIC_PRODUCT_NEWS"]
ANSWERS: dict[str, Any] = {
    "email": "Anna@example.com",
    "firstName": "Anna",
    "companySize": "medium",
    "interests": ["consent", "deliverability"],
    "projectStart": "2027-01-01",
    "existingCustomer": False,
    "message": "First\nsecond",
    "asset": "consent-that-holds",
}


def confirmed(
    answers: dict[str, Any] | None = None, consents: tuple[str, ...] = ("download",), **more: Any
) -> Record:
    """Anna, who confirmed her request for the white paper."""
    answers = ANSWERS if answers is None else answers
    changes = {
        "form": "whitepaper",
        "email": answers.get("email", "Anna@example.com"),
        "answers": answers,
        "consents": tuple(given(consent) for consent in consents),
        "click": Click(at=NOON, address=None, user_agent=None),
        **more,
    }
    return record(registration()).model_copy(update=changes)


def given(consent_id: str) -> GivenConsent:
    consent = FORM.consent(consent_id)
    return GivenConsent(
        id=consent_id, language="de", text=consent.text["de"], version=consent.version("de")
    )


def test_answers_become_columns() -> None:
    contact = contact_of(confirmed(), FORM, PEPPER)
    assert contact.email == "Anna@example.com"
    assert contact.columns == {
        "emailaddress1": "Anna@example.com",
        "firstname": "Anna",
        "new_companysize": 100000001,
        "new_interests": "100000000,100000002",
        "new_projectstart": "2027-01-01",
        "new_existingcustomer": False,
        "description": "First\nsecond",
        "new_assetid": "consent-that-holds",
    }


def test_what_was_not_answered_is_not_written() -> None:
    contact = contact_of(confirmed({"email": "a@example.com"}), FORM, PEPPER)
    assert contact.columns == {"emailaddress1": "a@example.com"}


def without_columns(form: Form, *field_ids: str) -> Form:
    fields = tuple(
        field.model_copy(update={"column": None}) if field.id in field_ids else field
        for field in form.fields
    )
    return form.model_copy(update={"fields": fields})


def test_a_field_without_a_column_reaches_only_the_trigger() -> None:
    form = without_columns(FORM, "companySize")
    assert "new_companysize" not in contact_of(confirmed(), form, PEPPER).columns
    assert trigger_of(confirmed(), form).attributes["msdynmkt_companysize"] == "medium"


def test_options_without_numbers_are_written_as_text() -> None:
    fields = []
    for field in FORM.fields:
        options = tuple(
            option.model_copy(update={"dataverse_value": None})
            for option in getattr(field, "options", ())
        )
        fields.append(field.model_copy(update={"options": options}) if options else field)
    columns = contact_of(
        confirmed(), FORM.model_copy(update={"fields": tuple(fields)}), PEPPER
    ).columns
    assert columns["new_companysize"] == "medium"
    assert columns["new_interests"] == "consent,deliverability"


def test_an_option_number_may_be_zero() -> None:
    fields = tuple(
        field.model_copy(
            update={"options": (field.options[1].model_copy(update={"dataverse_value": 0}),)}
        )
        if field.kind == "choice"
        else field
        for field in FORM.fields
    )
    form = FORM.model_copy(update={"fields": fields})
    assert contact_of(confirmed(), form, PEPPER).columns["new_companysize"] == 0


def test_a_consent_to_a_purpose_is_one_row() -> None:
    (row,) = contact_of(confirmed(), FORM, PEPPER).consents
    version = FORM.consents[0].version("de")
    assert row == ConsentRow(
        new_id=row.new_id,
        purpose_id=PURPOSE,
        topic_id=None,
        reason=f"DOI {registration().id} 2026-11-22T12:00:00Z text {version[:16]}",
    )


def test_a_consent_to_a_topic_opts_in_to_its_purpose_too() -> None:
    rows = contact_of(confirmed(consents=("productNews",)), FORM, PEPPER).consents
    assert [(row.purpose_id, row.topic_id) for row in rows] == [(PURPOSE, None), (PURPOSE, TOPIC)]
    assert len({row.new_id for row in rows}) == 2


def test_two_consents_of_one_purpose_make_its_row_once() -> None:
    rows = contact_of(confirmed(consents=("download", "productNews")), FORM, PEPPER).consents
    assert [(row.purpose_id, row.topic_id) for row in rows] == [(PURPOSE, None), (PURPOSE, TOPIC)]


def test_the_reason_names_no_person_and_fits_its_column() -> None:
    (row,) = contact_of(confirmed(), FORM, PEPPER).consents
    assert "anna" not in row.reason.lower()
    assert len(row.reason) <= 100


def ids(email: str, pepper: str = PEPPER) -> list[str]:
    contact = contact_of(confirmed(ANSWERS | {"email": email}, ("productNews",)), FORM, pepper)
    return [contact.new_id, *(row.new_id for row in contact.consents)]


def test_new_rows_get_the_same_ids_however_often_they_are_derived() -> None:
    assert ids("anna@example.com") == ids("anna@example.com")
    assert ids("anna@example.com") == ids("Anna@Example.com")  # as Dataverse compares
    assert len(set(ids("anna@example.com"))) == 3
    for each in ids("anna@example.com"):
        assert str(UUID(each)) == each


@pytest.mark.parametrize(
    "other",
    ["ben@example.com", "anna+x@example.com", "an.na@example.com", "änna@example.com"],
)
def test_different_people_get_different_rows(other: str) -> None:
    assert not set(ids("anna@example.com")) & set(ids(other))


def test_one_mailbox_may_be_several_contacts() -> None:
    assert ids("anna.lee@gmail.com")[0] != ids("annalee@gmail.com")[0]


def test_nobody_can_compute_the_ids_without_the_pepper() -> None:
    assert not set(ids("anna@example.com")) & set(ids("anna@example.com", PEPPER + "x"))


def test_a_consent_that_the_form_lost_is_named() -> None:
    form = FORM.model_copy(update={"consents": FORM.consents[1:]})
    with pytest.raises(FormChanged, match="form 'whitepaper' no longer has the consent 'download'"):
        contact_of(confirmed(), form, PEPPER)


@pytest.mark.parametrize("kind", ["choice", "multipleChoice"])
def test_a_field_whose_option_was_lost_is_named_and_never_the_answer(kind: str) -> None:
    fields = tuple(
        field.model_copy(update={"options": getattr(field, "options", ())[:1]})
        if field.kind == kind
        else field
        for field in FORM.fields
    )
    with pytest.raises(FormChanged) as refused:
        contact_of(confirmed(), FORM.model_copy(update={"fields": fields}), PEPPER)
    told = str(refused.value)
    assert ("companySize" if kind == "choice" else "interests") in told
    assert "medium" not in told
    assert "deliverability" not in told
    assert refused.value.__suppress_context__  # the KeyError has the answer


def attributes(sources: dict[str, Any], record: Record) -> dict[str, str]:
    name = FORM_SETTINGS["FORM_TRIGGER_WHITEPAPER"]
    trigger = Trigger.model_validate({"name": name, "attributes": sources})
    return dict(trigger_of(record, FORM.model_copy(update={"trigger": trigger})).attributes)


def test_the_trigger() -> None:
    trigger = trigger_of(confirmed(), FORM)
    assert trigger.name == FORM_SETTINGS["FORM_TRIGGER_WHITEPAPER"]
    assert trigger.binding_id == f"doiregistration/{registration().id}"
    assert trigger.confirmed_at == NOON
    assert trigger.attributes == {
        "msdynmkt_formid": "whitepaper",
        "msdynmkt_asset": "consent-that-holds",
        "msdynmkt_source": "website",
        "msdynmkt_campaign": "spring",
        "msdynmkt_companysize": "medium",
    }


def test_facts() -> None:
    facts = ("form", "language", "registrationId", "campaign", "pageUrl", "confirmedAt")
    sources = {f"msdynmkt_{fact.lower()}": {"fact": fact} for fact in facts}
    assert attributes(sources, confirmed()) == {
        "msdynmkt_form": "whitepaper",
        "msdynmkt_language": "de",
        "msdynmkt_registrationid": registration().id,
        "msdynmkt_campaign": "spring",
        "msdynmkt_pageurl": "https://www.contoso.example/newsletter.html",
        "msdynmkt_confirmedat": "2026-11-22T12:00:00Z",
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("firstName", "Anna"),
        ("interests", "consent,deliverability"),
        ("existingCustomer", "no"),
        ("projectStart", "2027-01-01"),
    ],
)
def test_answers_as_attributes(field: str, value: str) -> None:
    sources = {"msdynmkt_x": {"field": field, "otherwise": "-"}}
    assert attributes(sources, confirmed()) == {"msdynmkt_x": value}


def test_a_ticked_box_as_an_attribute() -> None:
    sources = {"msdynmkt_x": {"field": "existingCustomer", "otherwise": "-"}}
    yes = confirmed(ANSWERS | {"existingCustomer": True})
    assert attributes(sources, yes) == {"msdynmkt_x": "yes"}


def test_every_attribute_is_always_set() -> None:
    """An attribute that is not set makes the journey fail later, unseen."""
    sources: dict[str, Any] = {"msdynmkt_text": "always"}
    sources |= {
        f"msdynmkt_f{n}": {"field": f.id, "otherwise": "-"} for n, f in enumerate(FORM.fields)
    }
    sources |= {
        "msdynmkt_campaign": {"fact": "campaign"},
        "msdynmkt_page": {"fact": "pageUrl", "otherwise": "none"},
    }
    nothing: dict[str, Any] = {}
    for answers in (nothing, None):
        found = attributes(
            sources, confirmed({}, source=Source()).model_copy(update={"answers": answers})
        )
        assert set(found) == set(sources)
        assert found["msdynmkt_campaign"] == "N/A"
        assert found["msdynmkt_page"] == "none"
        assert all(found[name] == "-" for name in found if name.startswith("msdynmkt_f"))


def test_no_trigger_without_a_confirmation() -> None:
    with pytest.raises(ValueError, match="only for a confirmed record"):
        trigger_of(confirmed(click=None), FORM)


def test_moments_are_written_in_utc_to_the_second() -> None:
    berlin = NOON.astimezone(timezone(timedelta(hours=1))).replace(microsecond=999_999)
    assert utc_text(berlin) == "2026-11-22T12:00:00Z"
