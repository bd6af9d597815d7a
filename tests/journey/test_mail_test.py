"""`doi mail test` in the running stack: a mail arrives, and its links lead to an honest page."""

import pytest
import requests
from bs4 import BeautifulSoup

from shared.texts.catalogue import catalogue
from tests.journey.inbox import mail_to
from tests.journey.operator import doi
from tests.journey.sign_up import SECONDS
from tests.journey.storage import find_record
from tests.running_stack import Stack

pytestmark = pytest.mark.stack

ME = "operator.of.the.stack@contoso.example"


def test_it_arrives_and_its_links_are_not_valid(stack: Stack) -> None:
    arguments = ("mail", "test", ME, "--form", "newsletter", "--language", "de", "--yes")
    printed = doi(stack, *arguments)
    assert printed["provider"] == "smtp"
    mail = mail_to(stack, ME)
    assert mail.subject == "[Test] Bitte bestätigen Sie Ihre Newsletter-Anmeldung"
    assert mail.headers["message-id"] == printed["messageId"]
    assert mail.headers["auto-submitted"] == "auto-generated"
    assert "This is a test mail." in mail.text
    heading = catalogue("de").pages["notValid"].heading
    for link in (mail.confirm_url, mail.decline_url):
        assert link.startswith(stack.functions)
        page = requests.get(link, headers={"Accept-Language": "de"}, timeout=SECONDS)
        assert page.status_code == 404
        shown = BeautifulSoup(page.text, "html.parser").h1
        assert shown is not None
        assert shown.get_text() == heading
    assert find_record(stack, printed["operationId"]) is None


def test_the_linter_and_the_form_check_run_beside_it(stack: Stack) -> None:
    forms = {each["form"]: each for each in doi(stack, "forms", "check")}
    assert forms["newsletter"]["good"]
    assert doi(stack, "mail", "lint", "newsletter")["findings"] == []
