"""The page that asks for the code: what a network gets that has just opened the decline link."""

from datetime import timedelta

import azure.functions as func
import pytest
from bs4 import BeautifulSoup, Tag

from functions import confirm
from shared.values.confirmation_code import confirmation_code, spaced
from shared.values.form import Redirects
from shared.values.record import Record, Status
from tests.endpoints.calls import documented, get, post_inputs, press_button
from tests.endpoints.test_links import ASKED, button, open_confirm, open_decline, page, signed_up
from tests.endpoints.worlds import with_form
from tests.examples import NOON, PEPPER, sample_forms
from tests.fakes.outside import FakeOutside
from tests.story.journey import stored

SCANNER, ELSEWHERE = "203.0.113.7:51234", "198.51.100.9:55000"
CODE = confirmation_code(PEPPER, ASKED.id, NOON)
WRONG = f"{(int(CODE) + 1) % 10**6:06d}"


def scanned() -> tuple[FakeOutside, str]:
    """A machine opened both links; with the token of the confirm link."""
    outside, token, other = signed_up()
    assert open_confirm(outside, token, X_Forwarded_For=SCANNER).status_code == 200
    page(open_decline(outside, other, X_Forwarded_For=SCANNER), "decline")
    return outside, token


def press(
    outside: FakeOutside, token: str, code: str | None = None, address: str = SCANNER
) -> func.HttpResponse:
    typed = {} if code is None else {"code": code}
    request = post_inputs("/confirm", {"token": token, **typed}, X_Forwarded_For=address)
    return documented("/confirm", "post", confirm.press(request, outside))


def field(shown: BeautifulSoup) -> Tag | None:
    """Where the code is typed."""
    return shown.find("input", {"name": "code"})


def record(outside: FakeOutside) -> Record:
    found = stored(ASKED, outside)
    assert found is not None
    return found


@pytest.mark.parametrize("code", [None, "", "   "])
def test_the_page_asks_for_the_code(code: str | None) -> None:
    outside, token = scanned()
    answer = press(outside, token, code)
    assert answer.status_code == 200
    shown = page(answer, "enterCode")
    assert button(shown) == ("/api/confirm", token)
    assert field(shown) is not None
    assert CODE not in answer.get_body().decode()
    assert record(outside).status is Status.PENDING


@pytest.mark.parametrize("code", [CODE, spaced(CODE), f" {CODE[:3]} {CODE[3:]} "])
def test_the_code_confirms(code: str) -> None:
    outside, token = scanned()
    answer = press(outside, token, code)
    assert answer.status_code == 200
    page(answer, "confirmed")
    click = record(outside).click
    assert click is not None
    assert click.code_given


@pytest.mark.parametrize("code", [WRONG, "12345", "\u0661" * 6, "<script>", "x" * 900])
def test_a_wrong_code_is_asked_for_again_and_not_echoed(code: str) -> None:
    outside, token = scanned()
    answer = press(outside, token, code)
    assert answer.status_code == 422
    shown = page(answer, "wrongCode")
    assert button(shown) == ("/api/confirm", token)
    typed = field(shown)
    assert typed is not None
    assert not typed.has_attr("value")
    assert code not in answer.get_body().decode()
    assert record(outside).status is Status.PENDING
    page(press(outside, token, CODE), "confirmed")


def test_after_five_wrong_codes_the_button_waits() -> None:
    outside, token = scanned()
    assert [press(outside, token, WRONG).status_code for _ in range(5)] == [422] * 4 + [429]
    answer = press(outside, token, CODE)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "300"
    shown = page(answer, "tooManyCodes")
    assert button(shown) == ("/api/confirm", token)
    assert field(shown) is None
    outside.pass_time(timedelta(seconds=300))
    page(press(outside, token), "confirmed")


def test_the_person_elsewhere_is_not_asked() -> None:
    outside, token = scanned()
    page(press(outside, token, address=ELSEWHERE), "confirmed")


def test_an_address_that_the_client_wrote_itself_does_not_help() -> None:
    outside, token = scanned()
    page(press(outside, token, address=f"{ELSEWHERE}, {SCANNER}"), "enterCode")


def test_without_proxies_that_are_trusted_nobody_is_asked() -> None:
    """Where no address is known, everybody would be everybody else."""
    outside, token, other = signed_up()
    open_decline(outside, other)
    request = press_button("/confirm", token)
    page(confirm.press(request, outside), "confirmed")


def test_the_page_is_always_ours() -> None:
    outside, token = scanned()
    own = Redirects(confirmed="https://www.contoso.example/thanks")
    form = sample_forms()["newsletter"].model_copy(update={"redirects": own})
    with_form(outside, "newsletter", form)
    page(press(outside, token), "enterCode")
    page(press(outside, token, WRONG), "wrongCode")
    assert press(outside, token, CODE).status_code == 303


def test_a_code_in_the_address_counts_for_nothing() -> None:
    outside, token = scanned()
    request = get("/confirm", {"token": token, "code": CODE}, X_Forwarded_For=SCANNER)
    page(confirm.show(request, outside), "confirm")
    assert record(outside).status is Status.PENDING


def test_opening_the_confirm_link_writes_nothing() -> None:
    outside, token, _ = signed_up()
    before = dict(outside.table.records)
    open_confirm(outside, token, X_Forwarded_For=SCANNER)
    assert outside.table.records == before
