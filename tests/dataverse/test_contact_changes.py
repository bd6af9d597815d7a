"""Which operations follow from what Dataverse has."""

from uuid import UUID

import pytest

from shared.adapters.consent_rows import OPTED_OUT, FoundConsent, possible_ids
from shared.adapters.contact_changes import changes
from shared.adapters.contact_look_up import FoundRows, found_rows, look_up_queries
from shared.adapters.dataverse_batch import Operation
from shared.failures import PermanentFailure
from tests.dataverse.examples import ANNA, COMMERCIAL, NEWSLETTER, REASON, consent, contact

NAVIGATION = {
    "msdynmkt_purposeid": "msdynmkt_PurposeId",
    "msdynmkt_topicid": "msdynmkt_topicId",
}
NOTHING = FoundRows(contact_ids=(), consents=(), taken_ids=frozenset())
OLD_ID = "aaaaaaaa-0000-4000-8000-000000000001"


def consent_found(
    row_id: str = "1", topic: str | None = None, reason: str | None = None
) -> FoundConsent:
    return FoundConsent(
        id=row_id,
        etag=f'W/"{row_id}"',
        purpose_id=COMMERCIAL,
        topic_id=topic,
        value=OPTED_OUT,
        reason=reason,
    )


def test_creates_contact_and_topic_row_with_every_column() -> None:
    topic = consent(topic=NEWSLETTER)
    anna = contact(topic)
    assert changes(anna, NOTHING, NAVIGATION).operations == (
        Operation(
            method="PATCH",
            path=f"contacts({anna.new_id})",
            headers={"If-None-Match": "*"},
            body={"emailaddress1": ANNA, "firstname": "Anna"},
        ),
        Operation(
            method="PATCH",
            path=f"msdynmkt_contactpointconsent4s({topic.new_id})",
            headers={"If-None-Match": "*"},
            body={
                "msdynmkt_contactpointvalue": ANNA,
                "msdynmkt_contactpointtype": 534120000,
                "msdynmkt_contactpointconsenttype": 534120001,
                "msdynmkt_value": 534120001,
                "msdynmkt_source": 534120000,
                "msdynmkt_logicalreason": 534120001,
                "msdynmkt_reason": REASON,
                "msdynmkt_PurposeId@odata.bind": f"/msdynmkt_purposes({COMMERCIAL})",
                "msdynmkt_topicId@odata.bind": f"/msdynmkt_topics({NEWSLETTER})",
            },
        ),
    )


def test_a_purpose_row_names_no_topic() -> None:
    *_, row = changes(contact(), NOTHING, NAVIGATION).operations
    assert row.body is not None
    assert row.body["msdynmkt_contactpointconsenttype"] == 534120000
    assert not [name for name in row.body if "topic" in name]


def test_a_new_contact_has_its_address_though_the_form_names_no_column_for_it() -> None:
    first, *_ = changes(contact(columns={"firstname": "Anna"}), NOTHING, NAVIGATION).operations
    assert first.body == {"firstname": "Anna", "emailaddress1": ANNA}


def test_updates_the_latest_contact_and_every_row_of_the_consent() -> None:
    found = FoundRows(
        contact_ids=(OLD_ID, "other"),
        consents=(consent_found("1"), consent_found("2"), consent_found("3", topic=NEWSLETTER)),
        taken_ids=frozenset(),
    )
    wanted = changes(contact(), found, NAVIGATION)
    assert [operation.path for operation in wanted.operations] == [
        f"contacts({OLD_ID})",
        "msdynmkt_contactpointconsent4s(1)",
        "msdynmkt_contactpointconsent4s(2)",
    ]
    # Of a consent the version that was looked at; of the contact whichever there is.
    conditions = [operation.headers["If-Match"] for operation in wanted.operations]
    assert conditions == ["*", 'W/"1"', 'W/"2"']
    assert wanted.operations[0].body == {"firstname": "Anna"}
    assert wanted.operations[1].body == {
        "msdynmkt_value": 534120001,
        "msdynmkt_source": 534120000,
        "msdynmkt_logicalreason": 534120001,
        "msdynmkt_reason": REASON,
    }
    assert wanted.written.contact_id == OLD_ID
    assert wanted.written.consent_ids == ("1", "2")


def test_an_existing_contact_is_not_touched_for_no_column() -> None:
    found = FoundRows(contact_ids=(OLD_ID,), consents=(), taken_ids=frozenset())
    wanted = changes(contact(columns={"emailaddress1": ANNA}), found, NAVIGATION)
    assert [operation.path[:8] for operation in wanted.operations] == ["msdynmkt"]


def test_what_this_registration_wrote_before_is_not_written_again() -> None:
    found = FoundRows(
        contact_ids=(OLD_ID,), consents=(consent_found(reason=REASON),), taken_ids=frozenset()
    )
    wanted = changes(contact(), found, NAVIGATION)
    assert wanted.operations == ()
    assert (wanted.written.contact_id, wanted.written.consent_ids) == (OLD_ID, ("1",))


def test_a_contact_that_vanished_since_is_made_again() -> None:
    found = FoundRows(
        contact_ids=(), consents=(consent_found(reason=REASON),), taken_ids=frozenset()
    )
    (only,) = changes(contact(), found, NAVIGATION).operations
    assert only.path.startswith("contacts(")


def test_without_consents_only_the_contact_is_written() -> None:
    anna = contact()
    nobody = type(anna)(new_id=anna.new_id, email=ANNA, columns=anna.columns, consents=())
    assert len(look_up_queries(nobody)) == 3
    assert len(changes(nobody, found_rows(nobody, [[], [], []]), NAVIGATION).operations) == 1


def test_ids_that_are_taken_are_passed_over_in_a_fixed_order() -> None:
    anna = contact()
    ids = possible_ids(anna.new_id)
    assert ids == possible_ids(anna.new_id.upper())
    assert len({UUID(one) for one in ids}) == len(ids)
    taken = FoundRows(contact_ids=(), consents=(), taken_ids=frozenset(ids[:2]))
    assert changes(anna, taken, NAVIGATION).written.contact_id == ids[2]


def test_no_id_left_is_permanent() -> None:
    anna = contact()
    taken = frozenset(possible_ids(anna.new_id))
    with pytest.raises(PermanentFailure, match=anna.new_id):
        changes(anna, FoundRows(contact_ids=(), consents=(), taken_ids=taken), NAVIGATION)


def test_an_environment_without_the_consent_table_is_permanent() -> None:
    with pytest.raises(PermanentFailure, match="installed"):
        changes(contact(), NOTHING, {})


def test_ids_compare_without_case() -> None:
    row = consent_found(topic=NEWSLETTER)
    assert row.concerns(COMMERCIAL.upper(), NEWSLETTER.upper())
