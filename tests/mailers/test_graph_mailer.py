"""What only Microsoft Graph does."""

from collections.abc import Iterator

import pytest
import requests

from shared.adapters.mailer_graph import GraphMailer
from shared.failures import PermanentFailure, TemporaryFailure
from tests.mailers.fake_tokens import FakeTokens
from tests.mailers.graph_simulator import MAILBOX, GraphSimulator
from tests.mailers.http_provider import Fault
from tests.mailers.sample_mail import OPERATION, sample_mail

NO_REPLIES = {"name": "X-Auto-Response-Suppress", "value": "DR, RN, NRN, OOF, AutoReply"}


@pytest.fixture
def graph() -> Iterator[GraphSimulator]:
    simulator = GraphSimulator()
    yield simulator
    simulator.close()


@pytest.fixture
def mailer(graph: GraphSimulator) -> Iterator[GraphMailer]:
    with requests.Session() as session:
        session.trust_env = False
        yield GraphMailer(tokens=FakeTokens(), session=session, base_url=graph.base_url)


def test_sends_exactly_this(graph: GraphSimulator, mailer: GraphMailer) -> None:
    mail = sample_mail()

    assert mailer.send(mail, again=None).message_id == f"<{OPERATION}@contoso.example>"

    assert graph.messages == [
        {
            "subject": mail.subject,
            "body": {"contentType": "html", "content": mail.html},
            "from": {"emailAddress": {"address": MAILBOX, "name": "Contoso Newsletter"}},
            "toRecipients": [{"emailAddress": {"address": "ada@visitor.example"}}],
            "replyTo": [{"emailAddress": {"address": "hello@contoso.example"}}],
            "internetMessageId": f"<{OPERATION}@contoso.example>",
            "internetMessageHeaders": [NO_REPLIES],
        }
    ]


def test_leaves_no_copy_in_the_mailbox(graph: GraphSimulator, mailer: GraphMailer) -> None:
    mailer.send(sample_mail(), again=None)

    assert graph.sent_items == []


def test_carries_only_the_headers_that_graph_takes(
    graph: GraphSimulator, mailer: GraphMailer
) -> None:
    headers = {"Auto-Submitted": "auto-generated", "X-Kind": "confirmation"}

    mailer.send(sample_mail(headers=headers), again=None)

    assert graph.messages[0]["internetMessageHeaders"] == [
        NO_REPLIES,
        {"name": "X-Kind", "value": "confirmation"},
    ]


@pytest.mark.parametrize("status", [429, 500, 503, 504, 509])
def test_comes_later(graph: GraphSimulator, mailer: GraphMailer, status: int) -> None:
    graph.faults.append(Fault(status=status, code="ApplicationThrottled", retry_after="12"))

    with pytest.raises(
        TemporaryFailure, match=f"^graph: {status} ApplicationThrottled$"
    ) as failure:
        mailer.send(sample_mail(), again=None)

    assert failure.value.retry_after == 12


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_gives_up(graph: GraphSimulator, mailer: GraphMailer, status: int) -> None:
    graph.faults.append(Fault(status=status, code="ErrorAccessDenied", message="ada@visitor"))

    with pytest.raises(PermanentFailure, match=f"^graph: {status} ErrorAccessDenied$"):
        mailer.send(sample_mail(), again=None)


def test_the_sender_is_the_mailbox(mailer: GraphMailer) -> None:
    with pytest.raises(PermanentFailure, match=r"^graph: 404 ErrorInvalidUser$"):
        mailer.send(sample_mail(sender="somebody@contoso.example"), again=None)


def test_a_sender_cannot_reach_another_path(mailer: GraphMailer) -> None:
    with pytest.raises(PermanentFailure, match=r"^graph: 404 ErrorInvalidUser$"):
        mailer.send(sample_mail(sender="a/b?c#d@contoso.example"), again=None)


def test_an_international_local_part_travels_as_it_is(
    graph: GraphSimulator, mailer: GraphMailer
) -> None:
    mailer.send(sample_mail(to="jörg@visitor.example"), again=None)

    recipient = graph.messages[0]["toRecipients"][0]["emailAddress"]
    assert recipient == {"address": "jörg@visitor.example"}
