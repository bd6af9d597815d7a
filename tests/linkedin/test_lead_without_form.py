"""A lead that LinkedIn sends without its form: the form is asked for alone, and may be gone."""

import pytest

from shared.adapters.linkedin.lead_forms import LinkedInLeadForms
from shared.adapters.linkedin.lead_responses import LinkedInLeadResponses
from shared.adapters.linkedin_leads import LinkedInLeads
from shared.linkedin.failures import Unavailable
from shared.ports import Leads
from tests.linkedin.documentation import LEAD_ID, form, lead, without
from tests.linkedin.scripted_server import Answer
from tests.linkedin.world import World

FORM = form()["id"]
WITHOUT_FORM = {
    **lead(),
    "versionedLeadGenFormUrn": f"urn:li:versionedLeadGenForm:(urn:li:leadGenForm:{FORM},1)",
}


@pytest.fixture
def leads(world: World) -> Leads:
    return LinkedInLeads(
        LinkedInLeadResponses(world.session, lambda: world.now),
        LinkedInLeadForms(world.session),
        world.access,
    )


def test_the_form_is_asked_for_by_the_leads_urn(world: World, leads: Leads) -> None:
    world.linkedin.answers = [Answer(body=WITHOUT_FORM), Answer(body=form())]
    found = leads.fetch(LEAD_ID, world.deadline)
    assert found is not None
    assert found.lead.id == LEAD_ID
    assert found.form is not None
    assert found.form.id == FORM
    assert world.linkedin.lines[1].startswith(f"GET /rest/leadForms/{FORM}")


def test_a_form_that_came_along_is_not_asked_for(world: World, leads: Leads) -> None:
    world.linkedin.answers = [Answer(body={**WITHOUT_FORM, "form": form()})]
    found = leads.fetch(LEAD_ID, world.deadline)
    assert found is not None
    assert found.form is not None
    assert len(world.linkedin.lines) == 1


def test_a_form_that_is_gone_leaves_the_lead(world: World, leads: Leads) -> None:
    world.linkedin.answers = [Answer(body=WITHOUT_FORM), Answer(status=404)]
    found = leads.fetch(LEAD_ID, world.deadline)
    assert found is not None
    assert found.form is None


def test_a_form_that_cannot_be_had_now_is_no_missing_form(world: World, leads: Leads) -> None:
    world.linkedin.script = lambda request: (
        Answer(body=WITHOUT_FORM) if "leadFormResponses" in request.line else Answer(status=503)
    )
    with pytest.raises(Unavailable):
        leads.fetch(LEAD_ID, world.deadline)


def test_a_lead_that_names_no_form_has_none(world: World, leads: Leads) -> None:
    nameless = without(WITHOUT_FORM, "versionedLeadGenFormUrn")
    world.linkedin.answers = [Answer(body=nameless)]
    found = leads.fetch(LEAD_ID, world.deadline)
    assert found is not None
    assert found.form is None
    assert len(world.linkedin.lines) == 1
