"""64-bit ids, moments, URNs, and owners with the lead types that they can have."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.values.linkedin.keyed_urn import AssociatedEntity, Owner, pairing_problem
from shared.values.linkedin.numbers import read_moment, read_whole_number, to_milliseconds
from shared.values.linkedin.symbols import LeadType
from shared.values.linkedin.urns import (
    FormVersion,
    parse_form_version,
    parse_response_id,
    response_urn,
)

ACCOUNT = Owner.parse("urn:li:sponsoredAccount:522529623")
PAGE = Owner.parse("urn:li:organization:5509810")


@pytest.mark.parametrize("given", [6755260984438374401, "6755260984438374401"])
def test_an_id_of_64_bits_is_exact(given: Any) -> None:
    assert read_whole_number(given) == 6755260984438374401


@pytest.mark.parametrize("given", [True, 1.0, "1.0", "", "٣", "-1", -1, 2**63, "9" * 20, None])
def test_what_is_no_id_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match="not "):
        read_whole_number(given)


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        (1686182358881, datetime(2023, 6, 7, 23, 59, 18, 881000, tzinfo=UTC)),
        ("1686182358881", datetime(2023, 6, 7, 23, 59, 18, 881000, tzinfo=UTC)),
        (1686182358, datetime(2023, 6, 7, 23, 59, 18, tzinfo=UTC)),
        (123456789, datetime(1973, 11, 29, 21, 33, 9, tzinfo=UTC)),
        (10**11 - 1, datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC)),
        (10**11, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC)),
    ],
)
def test_moments_in_seconds_and_milliseconds(given: Any, moment: datetime) -> None:
    assert read_moment(given) == moment


@pytest.mark.parametrize("given", [2**63 - 1, True, 1.5, "now", datetime(2026, 1, 1)])  # noqa: DTZ001 - refused for that
def test_what_is_no_moment_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match="not "):
        read_moment(given)


def test_milliseconds_are_exact_and_rounded_down() -> None:
    moment = datetime(2023, 6, 7, 23, 59, 18, 881999, tzinfo=UTC)
    assert to_milliseconds(moment) == 1686182358881


@pytest.mark.parametrize(
    ("urn", "form_id", "version"),
    [
        ("urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)", 3162, 1),
        ("urn:li:versionedLeadGenForm:(urn:li:leadGenForm:1, 12)", 1, 12),
        (
            "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:6851219773716516864,1)",
            6851219773716516864,
            1,
        ),
        ("urn:li:leadGenForm:818", 818, None),
    ],
)
def test_the_urn_of_a_form(urn: str, form_id: int, version: int | None) -> None:
    parsed = parse_form_version(urn)
    assert parsed == FormVersion(form_id=form_id, version=version)
    assert str(parsed) == urn.replace(", ", ",")


@pytest.mark.parametrize(
    "urn",
    [
        "",
        "3162",
        "urn:li:adForm:3162",
        "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162)",
        "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:9999999999999999999,1)",
        "urn:li:versionedLeadGenForm:(urn:li:leadGenForm:3162,1)x",
        "urn:li:leadGenForm:٣",
    ],
)
def test_what_is_no_form_is_refused(urn: str) -> None:
    with pytest.raises(ValueError, match="not "):
        parse_form_version(urn)


@pytest.mark.parametrize("given", ["urn:li:leadGenFormResponse:1a2b3c-4", "1a2b3c-4", " 1a2b3c-4"])
def test_the_id_of_a_lead(given: str) -> None:
    assert parse_response_id(given) == "1a2b3c-4"
    assert response_urn("1a2b3c-4") == "urn:li:leadGenFormResponse:1a2b3c-4"


@pytest.mark.parametrize(
    "given",
    ["", ".", "..", "urn:li:leadGenFormResponse:", "urn:li:person:1", "a b", "ä", "a" * 201],
)
def test_what_is_no_lead_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match="not the id"):
        parse_response_id(given)


@pytest.mark.parametrize(
    "given",
    [
        {"sponsoredAccount": "urn:li:sponsoredAccount:522529623"},
        {"value": {"sponsoredAccount": "urn:li:sponsoredAccount:522529623"}},
        "urn:li:sponsoredAccount:522529623",
        {"sponsoredAccount": "urn:li:sponsoredAccount:522529623", "$type": 1},
    ],
)
def test_an_owner_in_every_wrapping(given: Any) -> None:
    owner = Owner.model_validate(given)
    assert owner == ACCOUNT
    assert owner.model_dump() == {"sponsoredAccount": "urn:li:sponsoredAccount:522529623"}


def test_the_key_of_an_entity_is_kept() -> None:
    given = {"associatedCreative": "urn:li:sponsoredCreative:121608865"}
    assert AssociatedEntity.model_validate(given).model_dump() == given
    assert AssociatedEntity.model_validate("urn:li:event:123").model_dump() == {
        "event": "urn:li:event:123"
    }


@pytest.mark.parametrize("given", [{}, {"a": "urn:li:a:1", "b": "urn:li:b:2"}, {"a": "b"}, "x", 5])
def test_what_is_no_owner_is_refused(given: Any) -> None:
    with pytest.raises(ValueError, match=r"not |valid"):
        Owner.model_validate(given)


@pytest.mark.parametrize("lead_type", LeadType)
@pytest.mark.parametrize("owner", [ACCOUNT, PAGE])
def test_sponsored_leads_belong_to_accounts_and_all_others_to_pages(
    lead_type: LeadType, owner: Owner
) -> None:
    fits = (lead_type is LeadType.SPONSORED) == (owner is ACCOUNT)
    assert (pairing_problem(lead_type, owner) is None) == fits


@pytest.mark.parametrize("owner", [ACCOUNT, PAGE])
def test_there_is_no_lead_type_organic(owner: Owner) -> None:
    assert "'ORGANIC'" in (pairing_problem("ORGANIC", owner) or "")
