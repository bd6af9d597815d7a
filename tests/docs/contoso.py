"""Contoso on its first day: what the templates would deploy for it, and its environment."""

import json
from functools import cache
from typing import Any

from local.infrastructure.document import INFRASTRUCTURE
from local.infrastructure.files import read_bicep
from local.infrastructure.templates import read_templates
from shared.examined_settings import find_settings
from shared.form_files import settings_in
from shared.read_settings import read_settings
from shared.values.form import Form
from shared.values.mail_rate import MailRates
from tests.cli.form_folder import definition
from tests.dataverse_setup.outside import SetUpOutside
from tests.dataverse_setup.worlds import FakeWorld
from tests.examples import ROOT
from tests.fakes.dataverse import APPLICATION_ID, FakeDataverse, trigger
from tests.fakes.doctor import DoctorOutside, FakeMailDomains, FakeMailTrial, acs, verified
from tests.infra.deployed import environment_of
from tests.infra.deployment import MANAGED_DOMAIN, Deployed, deploy

TYPED, PUBLISHED = "msdynmkt_doiconfirmed_1234567", "msdynmkt_doiconfirmed_8091234"


@cache
def deployment() -> Deployed:
    """What `infra/main.test.bicepparam` makes, once it has Contoso's form settings."""
    sample = read_bicep(INFRASTRUCTURE / "main.test.bicepparam").variables
    given = {name: sample[name].value for name in sample}
    forms = given["formSettings"]
    assert isinstance(forms, dict)
    named = {name: forms[name] for name in ("FORM_PURPOSE_COMMERCIAL", "FORM_TRIGGER_NEWSLETTER")}
    return deploy(read_templates(INFRASTRUCTURE), {**given, "formSettings": named})


def first_form() -> dict[str, Any]:
    """The sample newsletter without what needs columns of one's own."""
    content = definition("newsletter")
    del content["linkedIn"], content["withdrawLink"]
    return content


def form(trigger_name: str = TYPED) -> dict[str, Any]:
    """The same, as it is after its settings were put in."""
    content = first_form()
    del content["$schema"]
    text = json.dumps(content)
    for name, value in environment_of(deployment()).items():
        text = text.replace(f"%{name}%", value)
    return {**json.loads(text), "trigger": {**content["trigger"], "name": trigger_name}}


def forms(trigger_name: str = TYPED, **changes: Any) -> dict[str, Form]:
    return {"newsletter": Form.model_validate({**form(trigger_name), **changes})}


def dataverse(**changes: Any) -> FakeDataverse:
    """Contoso's environment: no columns of its own, and a trigger with a number of its own."""
    user = "5c0e9b1e-3a51-ef11-a317-000d3ab1c2d3"
    fake = FakeDataverse(url="https://contoso-test.crm4.dynamics.com", _user_id=user, **changes)
    published = trigger(PUBLISHED, "formid", "source", "campaign", "language")
    fake.triggers = {PUBLISHED: published}
    contact = fake.table_columns["contact"]
    fake.table_columns["contact"] = {
        name: column for name, column in contact.items() if not name.startswith("new_")
    }
    return fake


def outside(environment: Any, **changes: Any) -> DoctorOutside:
    """The deployed app as the doctor meets it. `environment`: see dataverse.ports."""
    settings = environment_of(deployment())
    read = read_settings(settings)
    managed = verified(MANAGED_DOMAIN, is_azure_managed=True, usernames=("DoNotReply",))
    trial = FakeMailTrial(at="doitest.communication.azure.com")
    known: dict[str, Any] = {
        "settings_found": find_settings({**settings, "WEBSITE_SITE_NAME": "doitest"}),
        "forms": forms(),
        "form_settings": settings_in(ROOT / "forms"),
        "dataverse": environment,
        "mail_providers": (acs(trial, FakeMailDomains((managed,))),),
        "mail_rates": MailRates(per_minute=read.mails_per_minute, per_hour=read.mails_per_hour),
    }
    return DoctorOutside(**{**known, **changes})


def set_up(fake: FakeDataverse, trigger_name: str = TYPED) -> SetUpOutside:
    """What an administrator's commands get."""
    world = FakeWorld()
    world.dataverse = fake
    return SetUpOutside(world, forms=forms(trigger_name), by_administrator=True)


def as_of_contoso(text: str) -> str:
    """With the names that the deployment gave out, instead of those of the fakes."""
    outputs = deployment().outputs
    names = {
        APPLICATION_ID: outputs["identityClientId"],
        "doi-app.azurewebsites.net": f"{outputs['appName']}.azurewebsites.net",
    }
    for known, name in names.items():
        text = text.replace(known, name)
    return text
