"""Withdrawing with the real adapter: columns, races between look-up and write, failures."""

import pytest
import requests

from shared.adapters.customer_insights import DataverseCustomerInsights
from shared.failures import PermanentFailure, TemporaryFailure
from tests.dataverse.examples import (
    ANNA,
    COMMERCIAL,
    CONFIRMED_AT,
    LATER_REASON,
    NEWSLETTER,
    WITHDRAWN,
    consent,
    contact,
    ended,
    enough_time,
    opt_out,
)
from tests.dataverse.interrupted_session import InterruptedSession
from tests.dataverse.worlds import OpaqueToken, SimulatorWorld

CONSENTS = "msdynmkt_contactpointconsent4s"
CHANGE_SET = b"changeset_"


def at(world: SimulatorWorld, http: requests.Session) -> DataverseCustomerInsights:
    return DataverseCustomerInsights(world.url, OpaqueToken(), http, lambda: CONFIRMED_AT)


def stored(world: SimulatorWorld) -> dict[str, object]:
    """The columns of the only consent row."""
    (row,) = world.rows(CONSENTS)
    return row


def test_a_button_that_was_pressed(real: SimulatorWorld) -> None:
    real.insights.opt_out(opt_out(ended(topic=NEWSLETTER)), enough_time())
    assert (
        stored(real).items()
        >= {
            "msdynmkt_contactpointvalue": ANNA,
            "msdynmkt_contactpointtype": 534120000,
            "msdynmkt_contactpointconsenttype": 534120001,
            "_msdynmkt_purposeid_value": COMMERCIAL,
            "_msdynmkt_topicid_value": NEWSLETTER,
            "msdynmkt_value": 534120002,
            "msdynmkt_source": 534120000,
            "msdynmkt_logicalreason": 534119999,
            "msdynmkt_reason": WITHDRAWN,
        }.items()
    )


def test_a_mail_program_that_unsubscribes(real: SimulatorWorld) -> None:
    real.insights.write(contact(), enough_time())
    real.insights.opt_out(opt_out(one_click=True), enough_time())
    row = stored(real)
    assert (row["msdynmkt_source"], row["msdynmkt_logicalreason"]) == (534120007, 534120007)


def test_every_row_there_is_says_no(real: SimulatorWorld) -> None:
    for address in (ANNA, ANNA.upper()):
        real.add_opt_out(address, COMMERCIAL)
        real.opt_in_by_hand(address, COMMERCIAL)
    assert len(real.insights.opt_out(opt_out(), enough_time())) == 2
    assert [one.opted_in for one in real.consents()] == [False, False]


def test_a_consent_that_is_confirmed_between_look_up_and_write_stays(real: SimulatorWorld) -> None:
    real.insights.write(contact(), enough_time())

    def confirm_later() -> None:
        real.insights.write(contact(consent(reason=LATER_REASON)), enough_time())

    with InterruptedSession(CHANGE_SET, confirm_later) as http:
        assert at(real, http).opt_out(opt_out(), enough_time()) == ()
    assert [(one.opted_in, one.reason) for one in real.consents()] == [(True, LATER_REASON)]


@pytest.mark.parametrize("known_before", [False, True])
def test_a_withdrawal_between_look_up_and_write_is_not_undone(
    real: SimulatorWorld,
    known_before: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """As when the promotion of a click is still under way when the person withdraws."""
    if known_before:
        real.add_opt_out(ANNA, COMMERCIAL)

    def withdraw() -> None:
        real.insights.opt_out(opt_out(), enough_time())

    with InterruptedSession(CHANGE_SET, withdraw) as http:
        at(real, http).write(contact(), enough_time())
    assert [(one.opted_in, one.reason) for one in real.consents()] == [(False, WITHDRAWN)]


def test_a_row_of_ours_that_got_another_address_is_left_alone(real: SimulatorWorld) -> None:
    real.insights.write(contact(), enough_time())
    row_id = stored(real)["msdynmkt_contactpointconsent4id"]
    real.change_row(f"{CONSENTS}({row_id})", {"msdynmkt_contactpointvalue": "new@example.com"})
    (new_id,) = real.insights.opt_out(opt_out(), enough_time())
    assert new_id != row_id
    assert {one.address: one.opted_in for one in real.consents()} == {
        "new@example.com": True,
        ANNA: False,
    }


def test_it_takes_two_requests(real: SimulatorWorld) -> None:
    real.insights.write(contact(), enough_time())
    before = len(real.state()["requests"])
    real.insights.opt_out(opt_out(), enough_time())
    batches = [one["path"] for one in real.state()["requests"][before:]]
    assert batches.count("$batch") == 2


@pytest.mark.parametrize("match", ["POST $batch", f"GET {CONSENTS}", f"PATCH {CONSENTS}"])
@pytest.mark.parametrize("status", [429, 503])
def test_trouble_anywhere_is_temporary(real: SimulatorWorld, match: str, status: int) -> None:
    real.insights.write(contact(), enough_time())
    real.disturb(match=match, status=status)
    with pytest.raises(TemporaryFailure):
        real.insights.opt_out(opt_out(), enough_time())
    assert [one.opted_in for one in real.consents()] == [True]


def test_a_conflict_that_nobody_made_is_permanent(real: SimulatorWorld) -> None:
    real.insights.write(contact(), enough_time())
    real.disturb(match=f"PATCH {CONSENTS}", status=412, code="0x80060882", times=9)
    with pytest.raises(PermanentFailure, match="opting out: 412 0x80060882"):
        real.insights.opt_out(opt_out(), enough_time())


def test_a_missing_privilege_is_permanent_and_names_no_person(real: SimulatorWorld) -> None:
    real.disturb(match=f"PATCH {CONSENTS}", status=403)
    with pytest.raises(PermanentFailure, match=r"opting out: 403 .* security role") as failure:
        real.insights.opt_out(opt_out(), enough_time())
    assert ANNA not in str(failure.value)
