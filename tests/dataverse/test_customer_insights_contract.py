"""What every implementation of ports.CustomerInsights does."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Deadline, WrittenContact
from tests.dataverse.examples import (
    ANNA,
    ATTRIBUTES,
    COMMERCIAL,
    NEWSLETTER,
    PRODUCT_NEWS,
    REASON,
    TRIGGER,
    UNKNOWN_PURPOSE,
    consent,
    contact,
    enough_time,
    trigger,
)
from tests.dataverse.worlds import SeenConsent, SeenTrigger, World

OPTED_IN = SeenConsent(address=ANNA, purpose=COMMERCIAL, topic=None, opted_in=True, reason=REASON)


def test_makes_a_new_contact_under_its_derived_id(world: World) -> None:
    anna = contact()
    written = world.insights.write(anna, enough_time())
    assert written == WrittenContact(
        contact_id=anna.new_id, created=True, consent_ids=(anna.consents[0].new_id,)
    )
    (stored,) = world.contacts()
    assert (stored.id, stored.email, stored.columns["firstname"]) == (anna.new_id, ANNA, "Anna")
    assert world.consents() == [OPTED_IN]


def test_an_existing_contact_keeps_what_the_form_does_not_name(world: World) -> None:
    contact_id = world.add_contact(ANNA, {"firstname": "A.", "jobtitle": "Engineer"})
    written = world.insights.write(contact(), enough_time())
    assert (written.contact_id, written.created) == (contact_id, False)
    (stored,) = world.contacts()
    assert (stored.columns["firstname"], stored.columns["jobtitle"]) == ("Anna", "Engineer")


def test_an_address_in_other_case_is_the_same_contact(world: World) -> None:
    contact_id = world.add_contact("Anna@Example.com", {"firstname": "A."})
    assert world.insights.write(contact(), enough_time()).contact_id == contact_id
    (stored,) = world.contacts()
    assert stored.email == "Anna@Example.com"


def test_an_address_that_only_looks_alike_is_somebody_else(world: World) -> None:
    """Dataverse's text comparison takes ß for ss; mail does not."""
    world.add_contact("strasse@example.com", {"firstname": "S."})
    world.add_opt_out("strasse@example.com", COMMERCIAL)
    written = world.insights.write(contact(email="straße@example.com"), enough_time())
    assert written.created
    assert [one.columns["firstname"] for one in world.contacts()] == ["S.", "Anna"]
    assert [(one.address, one.opted_in) for one in world.consents()] == [
        ("strasse@example.com", False),
        ("straße@example.com", True),
    ]


def test_of_two_contacts_the_latest_modified_one_is_taken(world: World) -> None:
    world.add_contact(ANNA, {"firstname": "older"})
    latest = world.add_contact(ANNA, {"firstname": "newer"})
    assert world.insights.write(contact(), enough_time()).contact_id == latest
    assert [one.columns["firstname"] for one in world.contacts()] == ["older", "Anna"]


def test_an_inactive_contact_is_left_alone(world: World) -> None:
    inactive = world.add_contact(ANNA, {"firstname": "gone"}, active=False)
    written = world.insights.write(contact(), enough_time())
    assert written.created
    assert written.contact_id != inactive
    assert [one.columns["firstname"] for one in world.contacts()] == ["gone", "Anna"]


def test_a_contact_of_ours_that_was_deactivated_is_left_alone(world: World) -> None:
    first = world.insights.write(contact(), enough_time())
    world.deactivate(first.contact_id)
    again = contact(columns={"firstname": "Anna again"})
    second = world.insights.write(again, enough_time())
    assert second.created
    assert second.contact_id != first.contact_id
    assert world.insights.write(again, enough_time()).contact_id == second.contact_id
    assert len(world.contacts()) == 2


def test_a_row_that_was_opted_out_is_updated_not_doubled(world: World) -> None:
    world.add_opt_out(ANNA, COMMERCIAL)
    world.insights.write(contact(), enough_time())
    assert world.consents() == [OPTED_IN]


def test_opts_in_to_purposes_and_topics_each_in_its_row(world: World) -> None:
    world.add_opt_out(ANNA, COMMERCIAL, NEWSLETTER)
    written = world.insights.write(
        contact(
            consent(purpose=COMMERCIAL),
            consent(purpose=COMMERCIAL, topic=NEWSLETTER),
            consent(purpose=PRODUCT_NEWS),
        ),
        enough_time(),
    )
    assert len(set(written.consent_ids)) == 3
    assert {(one.purpose, one.topic, one.opted_in) for one in world.consents()} == {
        (COMMERCIAL, None, True),
        (COMMERCIAL, NEWSLETTER, True),
        (PRODUCT_NEWS, None, True),
    }
    assert len(world.consents()) == 3


def test_a_consent_of_somebody_else_stays(world: World) -> None:
    world.add_opt_out("berta@example.com", COMMERCIAL)
    world.insights.write(contact(), enough_time())
    assert {(one.address, one.opted_in) for one in world.consents()} == {
        ("berta@example.com", False),
        (ANNA, True),
    }


def test_repeating_makes_nothing_new(world: World) -> None:
    first = world.insights.write(contact(), enough_time())
    second = world.insights.write(contact(), enough_time())
    assert (second.contact_id, second.consent_ids) == (first.contact_id, first.consent_ids)
    assert not second.created
    assert len(world.contacts()) == 1
    assert world.consents() == [OPTED_IN]


def test_repeating_does_not_undo_an_opt_out_in_between(world: World) -> None:
    world.lose_answers()
    with pytest.raises(TemporaryFailure):
        world.insights.write(contact(), enough_time())
    world.opt_out(ANNA, COMMERCIAL)
    world.insights.write(contact(), enough_time())
    assert [one.opted_in for one in world.consents()] == [False]


def test_a_later_registration_opts_in_again(world: World) -> None:
    world.insights.write(contact(), enough_time())
    world.opt_out(ANNA, COMMERCIAL)
    world.insights.write(contact(consent(reason="DOI 0002")), enough_time())
    assert [(one.opted_in, one.reason) for one in world.consents()] == [(True, "DOI 0002")]


def test_two_at_once_make_one_contact_and_one_row_per_consent(world: World) -> None:
    start = threading.Barrier(2)

    def confirm(number: int) -> WrittenContact:
        start.wait()
        return world.insights.write(
            contact(
                consent(reason=f"DOI {number}"), consent(topic=NEWSLETTER, reason=f"DOI {number}")
            ),
            enough_time(),
        )

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(confirm, (1, 2)))
    assert len({one.contact_id for one in both}) == 1
    assert sorted(one.created for one in both) == [False, True]
    assert len(world.contacts()) == 1
    assert sorted((one.topic or "") for one in world.consents()) == ["", NEWSLETTER]


def test_busy_says_when_to_come_back(world: World) -> None:
    world.refuse(429, retry_after=17)
    with pytest.raises(TemporaryFailure) as failure:
        world.insights.write(contact(), enough_time())
    assert failure.value.retry_after == 17
    assert world.contacts() == []
    world.insights.write(contact(), enough_time())
    assert world.consents() == [OPTED_IN]


def test_a_trigger_that_is_too_many_says_when_to_come_back(world: World) -> None:
    written = world.insights.write(contact(), enough_time())
    world.refuse(429, retry_after=17)
    with pytest.raises(TemporaryFailure) as failure:
        world.insights.fire(trigger(), written.contact_id, enough_time())
    assert failure.value.retry_after == 17
    assert world.triggers() == []


def test_unavailable_is_temporary(world: World) -> None:
    world.refuse(503)
    with pytest.raises(TemporaryFailure) as failure:
        world.insights.write(contact(), enough_time())
    assert failure.value.retry_after is None
    assert world.contacts() == []


def test_a_lost_answer_can_be_repeated(world: World) -> None:
    world.lose_answers()
    with pytest.raises(TemporaryFailure):
        world.insights.write(contact(), enough_time())
    assert len(world.contacts()) == 1
    world.insights.write(contact(), enough_time())
    assert len(world.contacts()) == 1
    assert world.consents() == [OPTED_IN]


def test_an_unknown_purpose_is_permanent_and_nothing_is_written(world: World) -> None:
    anna = contact(consent(purpose=COMMERCIAL), consent(purpose=UNKNOWN_PURPOSE))
    with pytest.raises(PermanentFailure):
        world.insights.write(anna, enough_time())
    assert (world.contacts(), world.consents()) == ([], [])


def test_an_unknown_column_is_permanent_and_nothing_is_written(world: World) -> None:
    with pytest.raises(PermanentFailure):
        world.insights.write(contact(columns={"new_nosuchcolumn": "x"}), enough_time())
    assert (world.contacts(), world.consents()) == ([], [])


def test_fires_the_trigger_for_the_contact(world: World) -> None:
    written = world.insights.write(contact(), enough_time())
    world.insights.fire(trigger(), written.contact_id, enough_time())
    assert world.triggers() == [
        SeenTrigger(
            name=TRIGGER,
            contact_id=written.contact_id,
            binding_id="doiregistration/0001",
            attributes=ATTRIBUTES,
        )
    ]


def test_a_missing_trigger_is_permanent_and_named(world: World) -> None:
    with pytest.raises(PermanentFailure, match="msdynmkt_gone_1"):
        world.insights.fire(trigger("msdynmkt_gone_1"), contact().new_id, enough_time())


@pytest.mark.parametrize(
    "attributes",
    [
        pytest.param({**ATTRIBUTES, "msdynmkt_undeclared": "x"}, id="undeclared"),
        pytest.param({"msdynmkt_formid": "newsletter"}, id="missing"),
    ],
)
def test_attributes_that_are_not_the_triggers_are_permanent(
    world: World, attributes: dict[str, str]
) -> None:
    with pytest.raises(PermanentFailure, match=TRIGGER):
        world.insights.fire(trigger(attributes=attributes), contact().new_id, enough_time())
    assert world.triggers() == []


def test_nothing_is_sent_after_the_deadline(world: World) -> None:
    with pytest.raises(TemporaryFailure):
        world.insights.write(contact(), Deadline(0))
    with pytest.raises(TemporaryFailure):
        world.insights.fire(trigger(), contact().new_id, Deadline(0))
    assert (world.contacts(), world.triggers()) == ([], [])


@pytest.mark.parametrize(
    "email",
    [
        "o'neil+a&b#c@example.com",
        "100%?=/{}~`^|$!*@example.com",
        "用户@例子.广告",
        "jürgen.groß@bücher.example",
        "''eq''or'1'eq'1@example.com",
        "a)or(1@example.com",
    ],
)
def test_every_address_is_found_again(world: World, email: str) -> None:
    world.add_contact("berta@example.com", {"firstname": "Berta"})
    first = world.insights.write(contact(email=email), enough_time())
    second = world.insights.write(contact(email=email), enough_time())
    assert (first.created, second.created) == (True, False)
    assert second.contact_id == first.contact_id
    assert [(one.email, one.columns["firstname"]) for one in world.contacts()] == [
        ("berta@example.com", "Berta"),
        (email, "Anna"),
    ]
    assert len(world.consents()) == 1
