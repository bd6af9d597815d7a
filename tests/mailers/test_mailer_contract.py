"""What every ports.Mailer does, the fake included."""

from collections.abc import Iterator

import pytest

from shared.ports import Mailer, PermanentFailure, TemporaryFailure
from tests.mailers.providers import RETRY_AFTER, Arrived, Provider, running_provider
from tests.mailers.sample_mail import OPERATION, sample_mail


@pytest.fixture(params=["fake", "acs", "graph", "smtp"])
def provider(request: pytest.FixtureRequest) -> Iterator[Provider]:
    with running_provider(request.param) as running:
        assert running.mailer.name == request.param
        yield running


def test_hands_the_mail_over(provider: Provider) -> None:
    mail = sample_mail()

    message_id = provider.mailer.send(mail, again=False)

    assert OPERATION in message_id
    assert provider.arrived() == [
        Arrived(
            sender="newsletter@contoso.example",
            to=["ada@visitor.example"],
            reply_to="hello@contoso.example",
            subject=mail.subject,
            html=mail.html,
        )
    ]


def test_needs_neither_a_reply_address_nor_a_name(provider: Provider) -> None:
    provider.mailer.send(sample_mail(reply_to=None, sender_name=None, headers={}), again=False)

    assert [arrived.reply_to for arrived in provider.arrived()] == [None]


def test_writes_international_domains_in_punycode(provider: Provider) -> None:
    provider.mailer.send(sample_mail(to="ada@bücher.example"), again=False)

    assert [arrived.to for arrived in provider.arrived()] == [["ada@xn--bcher-kva.example"]]


def test_hands_over_one_mail_after_another(provider: Provider) -> None:
    for subject in ("one", "two", "three"):
        provider.mailer.send(sample_mail(subject=subject), again=False)

    assert [arrived.subject for arrived in provider.arrived()] == ["one", "two", "three"]


def test_a_deferred_mail_may_come_later(provider: Provider) -> None:
    provider.defer()

    with pytest.raises(TemporaryFailure) as failure:
        provider.mailer.send(sample_mail(), again=False)

    assert failure.value.retry_after == (RETRY_AFTER if provider.names_a_wait else None)
    assert provider.arrived() == []
    provider.mailer.send(sample_mail(), again=True)
    assert len(provider.arrived()) == 1


def test_a_refused_mail_stays_refused_and_nobody_is_named(provider: Provider) -> None:
    provider.refuse(quoting="ada@visitor.example")

    with pytest.raises(PermanentFailure) as failure:
        provider.mailer.send(sample_mail(), again=False)

    _names_nobody(failure.value)
    assert provider.arrived() == []


def test_an_unreachable_provider_may_be_back_later(provider: Provider) -> None:
    provider.close()

    with pytest.raises(TemporaryFailure) as failure:
        provider.mailer.send(sample_mail(), again=False)

    assert failure.value.retry_after is None
    _names_nobody(failure.value)


def test_a_provider_that_goes_away_is_noticed(provider: Provider) -> None:
    provider.mailer.send(sample_mail(), again=False)
    provider.close()

    with pytest.raises(TemporaryFailure):
        provider.mailer.send(sample_mail(), again=False)


def test_a_mail_that_went_out_unnoticed_is_not_sent_again_where_one_can_ask(
    provider: Provider,
) -> None:
    provider.stay_silent()
    with pytest.raises(TemporaryFailure):
        provider.mailer.send(sample_mail(), again=False)
    assert len(provider.arrived()) == 1

    if provider.knows_earlier_attempts:
        message_id = provider.mailer.send(sample_mail(), again=True)

        assert OPERATION in message_id
        assert len(provider.arrived()) == 1


def test_a_mail_that_never_went_out_is_sent_again(provider: Provider) -> None:
    message_id = provider.mailer.send(sample_mail(), again=True)

    assert OPERATION in message_id
    assert len(provider.arrived()) == 1


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028"])
@pytest.mark.parametrize(
    "part", ["to", "sender", "sender_name", "reply_to", "subject", "message_id", "language"]
)
def test_no_part_can_add_a_header(provider: Provider, part: str, line_end: str) -> None:
    nasty = f"{getattr(sample_mail(), part)}{line_end}Bcc: eve@spam.example"

    _refuses(provider.mailer, **{part: nasty})

    assert provider.arrived() == []


def test_a_header_cannot_add_a_header(provider: Provider) -> None:
    _refuses(provider.mailer, headers={"X-Kind": "mail\r\nBcc: eve@spam.example"})
    _refuses(provider.mailer, headers={"X-Kind: mail\r\nBcc": "eve@spam.example"})
    _refuses(provider.mailer, headers={"Bcc": "eve@spam.example"})

    assert provider.arrived() == []


def _refuses(mailer: Mailer, **changes: object) -> None:
    with pytest.raises(PermanentFailure) as failure:
        mailer.send(sample_mail(**changes), again=False)
    _names_nobody(failure.value)


def _names_nobody(failure: Exception) -> None:
    texts = [str(failure), str(failure.args)]
    # What a log prints after "During handling of ...": suppressed, so it must be.
    if not failure.__suppress_context__:
        texts.append(str(failure.__context__))
    texts.append(str(failure.__cause__))
    assert not any(word in text for text in texts for word in ("ada", "visitor", "eve", "spam"))
