"""What only Azure Communication Services does."""

from collections.abc import Iterator

import pytest
import requests

from shared.adapters.mailer_acs import AcsMailer
from shared.failures import PermanentFailure, TemporaryFailure
from tests.mailers.acs_simulator import AcsSimulator
from tests.mailers.fake_tokens import FakeTokens, NoTokens, WrongTokens
from tests.mailers.http_provider import Fault
from tests.mailers.sample_mail import LINK, OPERATION, sample_mail


@pytest.fixture
def service() -> Iterator[AcsSimulator]:
    simulator = AcsSimulator()
    yield simulator
    simulator.close()


@pytest.fixture
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.fixture
def mailer(service: AcsSimulator, session: requests.Session) -> AcsMailer:
    return AcsMailer(endpoint=f"{service.url}/", tokens=FakeTokens(), session=session)


def test_sends_exactly_this(service: AcsSimulator, mailer: AcsMailer) -> None:
    mail = sample_mail()

    assert mailer.send(mail, again=None).message_id == OPERATION

    assert service.messages == [
        {
            "senderAddress": "newsletter@contoso.example",
            "recipients": {"to": [{"address": "ada@visitor.example"}]},
            "replyTo": [{"address": "hello@contoso.example"}],
            "content": {"subject": mail.subject, "plainText": mail.text, "html": mail.html},
            "headers": {
                "Auto-Submitted": "auto-generated",
                "Message-ID": f"<{OPERATION}@contoso.example>",
            },
            "userEngagementTrackingDisabled": True,
        }
    ]
    assert LINK in service.messages[0]["content"]["plainText"]
    assert list(service.operations) == [OPERATION]


def test_does_not_ask_or_wait_on_a_first_attempt(service: AcsSimulator, mailer: AcsMailer) -> None:
    mailer.send(sample_mail(), again=None)

    assert service.calls == ["send"]


@pytest.mark.parametrize("status", ["NotStarted", "Running", "Succeeded", "SomethingNew"])
def test_a_mail_known_to_the_service_is_not_sent_again(
    service: AcsSimulator, mailer: AcsMailer, status: str
) -> None:
    service.operations[OPERATION] = {"id": OPERATION, "status": status}

    assert mailer.send(sample_mail(), again=mailer.name).message_id == OPERATION

    assert service.calls == ["operation"]


def test_a_mail_that_the_service_dropped_is_refused(
    service: AcsSimulator, mailer: AcsMailer
) -> None:
    service.suppressed.add("ada@visitor.example")
    mailer.send(sample_mail(), again=None)

    with pytest.raises(PermanentFailure, match="Failed EmailDroppedAllRecipientsSuppressed"):
        mailer.send(sample_mail(), again=mailer.name)


def test_without_an_answer_about_the_earlier_attempt_nothing_is_sent(
    service: AcsSimulator, mailer: AcsMailer
) -> None:
    service.faults.append(Fault(status=429, retry_after="7"))

    with pytest.raises(TemporaryFailure) as failure:
        mailer.send(sample_mail(), again=mailer.name)

    assert failure.value.retry_after == 7
    assert service.messages == []


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503, 504])
def test_comes_later(service: AcsSimulator, mailer: AcsMailer, status: int) -> None:
    service.faults.append(Fault(status=status, code="SomeReason", retry_after="3600"))

    with pytest.raises(TemporaryFailure, match=f"^acs: {status} SomeReason$") as failure:
        mailer.send(sample_mail(), again=None)

    assert failure.value.retry_after == 3600
    # 409: an earlier request with this operation id is in the way.
    assert failure.value.may_have_happened == (status in {409, 500, 502, 504})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_gives_up(service: AcsSimulator, mailer: AcsMailer, status: int) -> None:
    service.faults.append(Fault(status=status, code="SomeReason", message="ada@visitor.example"))

    with pytest.raises(PermanentFailure, match=f"^acs: {status} SomeReason$"):
        mailer.send(sample_mail(), again=None)


def test_a_redirect_is_not_followed(service: AcsSimulator, mailer: AcsMailer) -> None:
    there = f"{service.url}/emails:send?api-version=2025-09-01"
    service.faults.append(Fault(status=307, code="Moved", location=there))

    with pytest.raises(PermanentFailure, match=r"^acs: 307 Moved$"):
        mailer.send(sample_mail(), again=None)

    assert service.messages == []


def test_a_code_that_is_no_code_is_not_repeated(service: AcsSimulator, mailer: AcsMailer) -> None:
    service.faults.append(Fault(status=400, code="ada@visitor.example"))

    with pytest.raises(PermanentFailure, match=r"^acs: 400 without a code$"):
        mailer.send(sample_mail(), again=None)


def test_refuses_what_the_service_refuses(mailer: AcsMailer) -> None:
    with pytest.raises(PermanentFailure, match=r"^acs: 404 DomainNotLinked$"):
        mailer.send(sample_mail(sender="newsletter@fabrikam.example"), again=None)
    with pytest.raises(PermanentFailure, match=r"^acs: 400 InvalidEmailAddress$"):
        mailer.send(sample_mail(to="jörg@visitor.example"), again=None)


def test_needs_a_token_for_this_service(service: AcsSimulator, session: requests.Session) -> None:
    with pytest.raises(PermanentFailure, match=r"^acs: 401 Denied$"):
        AcsMailer(endpoint=service.url, tokens=WrongTokens(), session=session).send(
            sample_mail(), again=None
        )
    with pytest.raises(TemporaryFailure, match="no access token"):
        AcsMailer(endpoint=service.url, tokens=NoTokens(), session=session).send(
            sample_mail(), again=None
        )


def test_connections_are_reused(service: AcsSimulator, mailer: AcsMailer) -> None:
    for _ in range(3):
        mailer.send(sample_mail(), again=None)

    assert service.connections == 1
