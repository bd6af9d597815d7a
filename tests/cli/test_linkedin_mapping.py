"""`doi linkedin forms check-mapping`: what a deployment may ask before it goes on."""

import pytest

from tests.cli.operated_linkedin import (
    DONE,
    NOT_ALL_DONE,
    NOTHING_FOUND,
    Operated,
    printed,
)
from tests.linkedin_simulator.client import ENGLISH

CHECK = ("forms", "check-mapping")


def test_the_forms_that_the_project_ships_fit(operated: Operated) -> None:
    result = operated.doi(*CHECK)
    assert result.exit_code == DONE, result.output
    assert f"newsletter and lead form {ENGLISH} 'Newsletter (English)': fits" in result.stdout
    german = printed(operated.doi(*CHECK, "--json", "--id", "3162"))
    assert german == [
        {
            "form": "newsletter",
            "leadForm": "3162",
            "name": "Newsletter (Deutsch)",
            "version": 1,
            "fits": True,
            "findings": [
                {
                    "code": "checkbox_optional",
                    "breaks": False,
                    "text": "checkbox 4 is optional: leads without 'newsletter' are parked",
                }
            ],
        }
    ]


def test_an_archived_form_does_not_fit(operated: Operated) -> None:
    assert operated.doi("forms", "archive", "3162", "--yes").exit_code == DONE
    result = operated.doi(*CHECK)
    assert result.exit_code == NOT_ALL_DONE
    assert "lead form 3162 'Newsletter (Deutsch)': does not fit" in result.stdout
    assert "MEND  LinkedIn's form is archived" in result.stdout
    assert f"{ENGLISH} 'Newsletter (English)': fits" in result.stdout


def test_a_form_that_linkedin_does_not_have_does_not_fit(operated: Operated) -> None:
    newsletter = operated.outside.forms["newsletter"]
    section = newsletter.linked_in
    assert section is not None
    gone = section.forms[0].model_copy(update={"id": "99"})
    section = section.model_copy(update={"forms": (gone, *section.forms[1:])})
    ours = newsletter.model_copy(update={"linked_in": section})
    operated.outside.forms = {**operated.outside.forms, "newsletter": ours}
    result = operated.doi(*CHECK, "--json")
    assert result.exit_code == NOT_ALL_DONE
    [first, *others] = printed(result)
    assert (first["fits"], first["name"]) == (False, None)
    assert [each["fits"] for each in others] == [True, True]
    assert [finding["code"] for finding in first["findings"]] == ["form_missing"]


@pytest.mark.parametrize("which", [("--form", "whitepaper"), ("--id", "1")])
def test_nothing_to_check_is_not_a_success(operated: Operated, which: tuple[str, str]) -> None:
    result = operated.doi(*CHECK, *which)
    assert result.exit_code == NOTHING_FOUND
    assert "linkedIn section" in result.stderr
