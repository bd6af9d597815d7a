"""The plan of a chaos run: repeatable, and with everything in it."""

import pytest

from local.chaos.blows import DataverseFault, Kill, MailTrouble, Strike
from local.chaos.plan import Plan, make_plan
from local.chaos.sign_ups import Behaviour
from local.dataverse_simulator.faults import Fault


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(registrations=500, seed=1, kills=20)


def test_the_same_seed_is_the_same_plan(plan: Plan) -> None:
    assert make_plan(registrations=500, seed=1, kills=20) == plan
    assert make_plan(registrations=500, seed=2, kills=20) != plan


def test_it_has_as_many_registrations_and_kills_as_asked_for(plan: Plan) -> None:
    assert len(plan.sign_ups) == 500
    assert sum(isinstance(timed.blow, Kill) for timed in plan.blows) == 20


def test_every_kind_of_person_and_of_trouble_is_in_it(plan: Plan) -> None:
    blows = [timed.blow for timed in plan.blows]

    assert {each.behaviour for each in plan.sign_ups} == set(Behaviour)
    assert {blow for blow in blows if isinstance(blow, Strike)} == set(Strike)
    assert {blow for blow in blows if isinstance(blow, MailTrouble)} == set(MailTrouble)


def test_every_kind_of_fault_of_dataverse_is_in_it_and_the_simulator_takes_it(plan: Plan) -> None:
    faults = [timed.blow for timed in plan.blows if isinstance(timed.blow, DataverseFault)]
    asked = [Fault.model_validate(each.fault) for each in faults]

    assert {429, 500, 503} < {fault.status for fault in asked}
    assert {403, 404} & {fault.status for fault in asked}
    assert {fault.retry_after is None for fault in asked if fault.status == 429} == {True, False}
    assert any(fault.drop for fault in asked)
    assert any(fault.delay for fault in asked)
    assert any(fault.match == "GET /msi/token" for fault in asked)


def test_no_outage_meets_itself_and_all_end_in_time(plan: Plan) -> None:
    pairs = (
        (
            {Strike.STORAGE_STOPS, Strike.STORAGE_FREEZES},
            {Strike.STORAGE_RETURNS, Strike.STORAGE_THAWS},
        ),
        ({Strike.MAIL_SERVER_STOPS}, {Strike.MAIL_SERVER_RETURNS}),
        ({Strike.DATAVERSE_STOPS}, {Strike.DATAVERSE_RETURNS}),
    )
    strikes = [timed.blow for timed in plan.blows if isinstance(timed.blow, Strike)]
    for begins, ends in pairs:
        turns = [strike in begins for strike in strikes if strike in begins | ends]
        assert turns == [True, False] * (len(turns) // 2)
        assert turns
    assert plan.blows[-1].at <= plan.seconds


def test_no_two_sign_ups_have_both_address_and_form(plan: Plan) -> None:
    keys = [each.key for each in plan.sign_ups]
    assert len(set(keys)) == len(keys)
    assert len({email for email, _ in keys}) < len(keys)  # some people use both forms
    networks = [each.headers["X-Forwarded-For"] for each in plan.sign_ups]
    assert len(set(networks)) == len(networks)
