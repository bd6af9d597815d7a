"""What commands print, as the documents show it between marks.

`python -m tests.docs.shown` writes it anew. The commands are the real ones, on fakes that hold what
tests/docs/contoso.py tells; what a deployment gives out is worked out from the templates.
"""

import json
import tempfile
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import requests
from typer.testing import CliRunner

from cli.app import app
from local.dataverse_simulator import RunningDataverse
from local.markdown import with_part
from shared.doctor.groups import Group
from shared.values.funnel import FunnelRow, Step
from shared.values.messages import PromotionMessage
from tests.cli.form_folder import write
from tests.dataverse_setup.outside import SetUpOutside
from tests.dataverse_setup.worlds import SimulatorWorld
from tests.dataverse_simulator.client import Api
from tests.docs import contoso
from tests.docs.documents import ALL
from tests.examples import ROOT
from tests.fakes.doctor import DoctorOutside, FakeMailDomains, FakeMailTrial, acs, verified
from tests.fakes.outside import FakeOutside

WIDTH = "100"  # of the terminal
REGISTRATION = "4a6bc952-48db-8d76-af00-17a9f30fe951"
_NO_TRIGGER = (
    "Dataverse, firing trigger msdynmkt_doiconfirmed_1234567: 404 0x8006088a: the environment has"
    " no such trigger; publish it in Customer Insights - Journeys, or correct its name in the form"
)


def printed(outside: object, *arguments: str, **environment: str) -> str:
    """By a command, on both outputs."""
    result = CliRunner().invoke(
        app, [*arguments], obj=lambda: outside, env={"COLUMNS": WIDTH, **environment}
    )
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    lines = contoso.as_of_contoso(result.output).splitlines()
    return "\n".join(line.rstrip() for line in lines).strip("\n") + "\n"


def poison_list() -> str:
    return printed(_with_poison(), "poison", "list")


def poison_show() -> str:
    return printed(_with_poison(), "poison", "show", "promotions", "--id", REGISTRATION)


def _with_poison() -> FakeOutside:
    """For three hours."""
    outside = FakeOutside()
    message = PromotionMessage(mailbox_key="0" * 64, registration_id=REGISTRATION)
    outside.queues.put("promotions-poison", message.failed(_NO_TRIGGER).to_json())
    outside.pass_time(timedelta(hours=3))
    return outside


def funnel() -> str:
    outside = FakeOutside()
    for ago in range(30):
        accepted = (7 * ago) % 13 + 4
        counts = {
            Step.ACCEPTED: accepted,
            Step.MAILED: accepted,
            Step.DELIVERED: accepted - ago % 2,
            Step.BOUNCED: ago % 2,
            Step.CONFIRMED: accepted - 3,
            Step.PROMOTED: accepted - 3,
        }
        day = outside.now().date() - timedelta(days=ago)
        outside.funnel.save([FunnelRow(day=day, form="newsletter", by="app", counts=counts)])
    return printed(outside, "funnel", "--form", "newsletter")


def outputs() -> str:
    """As `az deployment group create --query properties.outputs` prints them, in their order."""
    kinds = {"str": "String", "dict": "Object", "list": "Array"}
    given = {
        name: {"type": kinds[type(value).__name__], "value": value}
        for name, value in contoso.deployment().outputs.items()
    }
    return contoso.as_of_contoso(json.dumps(given, indent=2)) + "\n"


def forms_check() -> str:
    settings = {name: str(value) for name, value in _form_settings().items()}
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), contoso.first_form())
        return printed(
            None,
            *("forms", "check"),
            DOI_FORMS_FOLDER=folder,
            DOI_PUBLIC_URL="https://doi-app.azurewebsites.net",
            **settings,
        )


def doctor_before_the_user() -> str:
    """With the simulator, since Dataverse's own refusal is what is shown."""
    with RunningDataverse() as running, requests.Session() as http:
        api = Api(running.url)
        with api.session:
            world = SimulatorWorld(running.url, http, api)
            world.set_user("missing")
            return _doctor(contoso.outside(world.inspection), Group.DATAVERSE)


def role() -> str:
    fake = contoso.dataverse()
    return _dataverse(contoso.set_up(fake), "role", "--create", "--assign", "--yes")


def doctor_with_the_role() -> str:
    return _doctor(contoso.outside(contoso.dataverse()), Group.DATAVERSE)


def role_again() -> str:
    fake = contoso.dataverse()
    _dataverse(contoso.set_up(fake), "role", "--create", "--yes")
    right = contoso.set_up(fake, contoso.PUBLISHED)
    return _dataverse(right, "role", "--create", "--yes")


def doctor_in_the_end() -> str:
    right = contoso.outside(contoso.dataverse(), forms=contoso.forms(contoso.PUBLISHED))
    return _doctor(right, Group.FORMS, Group.STORAGE, Group.MAIL, Group.DATAVERSE)


def unknown_column() -> str:
    fields = contoso.form(contoso.PUBLISHED)["fields"]
    wrong = [
        {**each, "column": "new_nickname"} if "first" in each["id"] else each for each in fields
    ]
    forms = contoso.forms(contoso.PUBLISHED, fields=wrong)
    return _faults(contoso.outside(contoso.dataverse(), forms=forms), Group.DATAVERSE)


def missing_role() -> str:
    fake = contoso.dataverse()
    del fake.held_depths["prvWriteContact"]
    right = contoso.outside(fake, forms=contoso.forms(contoso.PUBLISHED))
    return _faults(right, Group.DATAVERSE)


def domain_not_verified() -> str:
    states = {"SPF": "VerificationFailed", "DKIM": "NotStarted", "DKIM2": "NotStarted"}
    domain = verified("news.contoso.com", states=states, is_linked=False)
    mail = {**contoso.form(contoso.PUBLISHED)["mail"], "sender": "DoNotReply@news.contoso.com"}
    outside = contoso.outside(
        contoso.dataverse(),
        forms=contoso.forms(contoso.PUBLISHED, mail=mail),
        mail_providers=(acs(FakeMailTrial(), FakeMailDomains((domain,))),),
    )
    return _faults(outside, Group.MAIL)


def _doctor(outside: DoctorOutside, *groups: Group) -> str:
    chosen = [word for group in groups for word in ("--only", group.value)]
    return printed(outside, "doctor", *chosen)


def _faults(outside: DoctorOutside, group: Group) -> str:
    """Only what is missing, each with its step."""
    lines = _doctor(outside, group).splitlines()
    steps = [at for at, line in enumerate(lines) if line.startswith("  MISSING")]
    return "\n".join(line for at in steps for line in lines[at : at + 2]) + "\n"


def _dataverse(outside: SetUpOutside, *arguments: str) -> str:
    return printed(outside, "dataverse", *arguments)


def _form_settings() -> Mapping[str, Any]:
    module = contoso.deployment().body("app-settings.bicep: settings")["properties"]
    return {name: value for name, value in module.items() if name.startswith("FORM_")}


SHOWN: Mapping[str, Callable[[], str]] = {
    "poison list": poison_list,
    "poison show": poison_show,
    "funnel": funnel,
    "outputs": outputs,
    "forms check": forms_check,
    "doctor before the user": doctor_before_the_user,
    "role": role,
    "doctor with the role": doctor_with_the_role,
    "role again": role_again,
    "doctor in the end": doctor_in_the_end,
    "unknown column": unknown_column,
    "missing role": missing_role,
    "domain not verified": domain_not_verified,
}


def with_shown(text: str) -> str:
    """The document with fresh outputs in the place of those between its marks."""
    for name, show in SHOWN.items():
        before, begins, _ = text.partition(f"<!-- shown: {name} -->")
        if not begins:
            continue
        indent = before.rpartition("\n")[2]
        block = f"```text\n{show()}```\n"
        lines = "".join(f"{indent}{line}\n" if line else "\n" for line in block.splitlines())
        text = with_part(text, f"shown: {name}", name, f"{lines}{indent}")
    return text


if __name__ == "__main__":
    for each in ALL.values():
        (ROOT / each.name).write_text(with_shown(each.text), encoding="utf-8")
