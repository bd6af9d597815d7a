"""What only the real adapter can get wrong about the row that starts a journey."""

import pytest
import requests

from shared.adapters.contact_changes import changes
from shared.adapters.contact_look_up import FoundRows
from shared.adapters.dataverse_batch import Operation
from shared.failures import PermanentFailure, TemporaryFailure
from shared.values.journey_row import NewJourneyRow
from tests.dataverse.examples import (
    ANNA,
    COMMERCIAL,
    REASON,
    REGISTRATIONS,
    contact,
    enough_time,
    journey_row,
)
from tests.dataverse.interrupted_session import InterruptedSession
from tests.dataverse.test_contact_changes import NAVIGATION, NOTHING, OLD_ID, consent_found
from tests.dataverse.test_customer_insights_dataverse import CHANGE_SET, at
from tests.dataverse.worlds import SimulatorWorld


def written_paths(world: SimulatorWorld) -> list[str]:
    """The paths of everything that was written, in order."""
    return [
        one["path"]
        for request in world.state()["requests"]
        for one in request.get("operations", ())
        if one["method"] == "PATCH"
    ]


def test_the_row_comes_last_is_only_created_and_does_not_repeat_its_key() -> None:
    anna = contact(row=journey_row("0001", columns={"new_formid": "newsletter"}))
    *_, last = changes(anna, NOTHING, NAVIGATION).operations
    assert last == Operation(
        method="PATCH",
        path="new_doiregistrations(new_registrationid='0001')",
        headers={"If-None-Match": "*"},
        body={
            "new_formid": "newsletter",
            "new_ContactId@odata.bind": f"/contacts({anna.new_id})",
        },
    )


def test_the_row_alone_is_written_where_the_rest_was() -> None:
    found = FoundRows(
        contact_ids=(OLD_ID,), consents=(consent_found(reason=REASON),), taken_ids=frozenset()
    )
    (only,) = changes(contact(row=journey_row()), found, NAVIGATION).operations
    assert only.path == journey_row().address
    assert only.body is not None
    assert only.body["new_ContactId@odata.bind"] == f"/contacts({OLD_ID})"


def test_a_repeat_writes_nothing(real: SimulatorWorld) -> None:
    real.insights.write(contact(row=journey_row()), enough_time())
    before = written_paths(real)
    assert before[-1] == "new_doiregistrations(new_registrationid='0001')"
    real.insights.write(contact(row=journey_row()), enough_time())
    assert written_paths(real) == before


def test_loses_a_race_for_the_row_and_takes_the_winners(real: SimulatorWorld) -> None:
    """Contact and consent are there already, so that nothing but the row refuses the change set."""
    known = real.add_contact(ANNA, {"firstname": "Anna"})
    real.add_opt_out(ANNA, COMMERCIAL)

    def win() -> None:
        real.insights.write(contact(row=journey_row()), enough_time())
        real.opt_out(ANNA, COMMERCIAL)

    with InterruptedSession(CHANGE_SET, win) as http:
        written = at(real, http).write(contact(row=journey_row()), enough_time())
    assert (written.contact_id, written.created) == (known, False)
    assert real.journey_starts() == [known]
    assert [one.opted_in for one in real.consents()] == [False]


def test_the_row_keeps_its_contact_when_the_person_has_got_another(real: SimulatorWorld) -> None:
    first = real.insights.write(contact(row=journey_row()), enough_time())
    real.add_contact(ANNA, {"firstname": "newer"})
    again = real.insights.write(contact(row=journey_row()), enough_time())
    assert again.contact_id == first.contact_id


def test_a_contact_that_was_deleted_since_is_not_made_again(real: SimulatorWorld) -> None:
    first = real.insights.write(contact(row=journey_row()), enough_time())
    url = f"{real.url}/api/data/v9.2/contacts({first.contact_id})"
    headers = {"Authorization": "Bearer tests"}
    assert requests.delete(url, headers=headers, timeout=10).ok
    with pytest.raises(PermanentFailure, match="deleted since"):
        real.insights.write(contact(row=journey_row()), enough_time())
    assert real.contacts() == []


@pytest.mark.parametrize(
    ("row", "status", "mend"),
    [
        (journey_row(entity_set="new_gones"), 404, "no table new_gones; create it"),
        (journey_row(key_column="new_gone"), 400, "no column new_gone"),
        (journey_row(contact="new_GoneId"), 400, "no lookup new_GoneId to contacts"),
        (journey_row(key_column="new_source"), 400, "new_source needs an active alternate key"),
        (journey_row(columns={"new_gone": "x"}), 400, "the columns of the form's journeyRow"),
        (journey_row(columns={"new_language": "x" * 11}), 400, "the columns of the form's journey"),
        (
            journey_row(columns={"new_confirmedon": "x"}),
            400,
            "the columns of the form's journeyRow",
        ),
    ],
)
def test_says_what_to_mend(
    real: SimulatorWorld, row: NewJourneyRow, status: int, mend: str
) -> None:
    with pytest.raises(PermanentFailure, match=mend) as failure:
        real.insights.write(contact(row=row), enough_time())
    assert f"and the journey row: {status}" in str(failure.value)
    assert real.contacts() == []


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_a_missing_privilege_names_the_table(real: SimulatorWorld, method: str) -> None:
    real.disturb(match=f"{method} {REGISTRATIONS}", status=403)
    with pytest.raises(
        PermanentFailure, match=f"Create, Read and Append for table {REGISTRATIONS}"
    ):
        real.insights.write(contact(row=journey_row()), enough_time())
    assert (real.contacts(), real.consents()) == ([], [])


@pytest.mark.parametrize("method", ["GET", "PATCH"])
@pytest.mark.parametrize("status", [429, 503])
def test_trouble_with_the_row_alone_is_temporary(
    real: SimulatorWorld, method: str, status: int
) -> None:
    real.disturb(match=f"{method} {REGISTRATIONS}", status=status, retryAfter=17)
    with pytest.raises(TemporaryFailure) as failure:
        real.insights.write(contact(row=journey_row()), enough_time())
    assert failure.value.retry_after == 17
    assert (real.contacts(), real.journey_starts()) == ([], [])


def test_an_answer_lost_after_the_row_was_written(real: SimulatorWorld) -> None:
    real.disturb(match=f"PATCH {REGISTRATIONS}", drop=True)
    with pytest.raises(TemporaryFailure):
        real.insights.write(contact(row=journey_row()), enough_time())
    assert len(real.journey_starts()) == 1
    real.insights.write(contact(row=journey_row()), enough_time())
    assert len(real.journey_starts()) == 1
