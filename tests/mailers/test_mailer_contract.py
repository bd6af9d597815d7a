"""What every ports.Mailer does: the fake too, and each of them behind the app's wrappers."""

from collections.abc import Callable, Iterator

import pytest

from shared.failures import PermanentFailure, TemporaryFailure
from shared.ports import Mailer
from tests.mailers.providers import (
    RETRY_AFTER,
    Arrived,
    Provider,
    first_of_two,
    resting,
    running_provider,
    second_of_two,
)
from tests.mailers.sample_mail import OPERATION, sample_mail

WRAPPERS: dict[str, Callable[[Provider], Provider]] = {
    "as it is": lambda provider: provider,
    "resting": resting,
    "first of two": first_of_two,
    "second of two": second_of_two,
}


@pytest.fixture(params=["fake", "acs", "graph", "smtp"])
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=WRAPPERS)
def provider(name: str, request: pytest.FixtureRequest) -> Iterator[Provider]:
    with running_provider(name) as running:
        assert running.mailer.name == name
        yield WRAPPERS[request.param](running)


def test_hands_the_mail_over(name: str, provider: Provider) -> None:
    mail = sample_mail()

    sent = provider.mailer.send(mail, again=None)

    assert sent.provider == name
    assert OPERATION in sent.message_id
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
    provider.mailer.send(sample_mail(reply_to=None, sender_name=None, headers={}), again=None)

    assert [arrived.reply_to for arrived in provider.arrived()] == [None]


def test_writes_international_domains_in_punycode(provider: Provider) -> None:
    provider.mailer.send(sample_mail(to="ada@bücher.example"), again=None)

    assert [arrived.to for arrived in provider.arrived()] == [["ada@xn--bcher-kva.example"]]


def test_hands_over_one_mail_after_another(provider: Provider) -> None:
    for subject in ("one", "two", "three"):
        provider.mailer.send(sample_mail(subject=subject), again=None)

    assert [arrived.subject for arrived in provider.arrived()] == ["one", "two", "three"]


def test_a_deferred_mail_may_come_later(name: str, provider: Provider) -> None:
    provider.defer()

    with pytest.raises(TemporaryFailure) as failure:
        provider.mailer.send(sample_mail(), again=None)

    assert failure.value.retry_after == (RETRY_AFTER if provider.names_a_wait else None)
    assert not failure.value.may_have_happened
    assert provider.arrived() == []
    provider.pass_time(RETRY_AFTER)
    provider.mailer.send(sample_mail(), again=name)
    assert len(provider.arrived()) == 1


def test_a_refused_mail_stays_refused_and_nobody_is_named(provider: Provider) -> None:
    provider.refuse(quoting="ada@visitor.example")

    with pytest.raises(PermanentFailure) as failure:
        provider.mailer.send(sample_mail(), again=None)

    _names_nobody(failure.value)
    assert provider.arrived() == []


def test_an_unreachable_provider_may_be_back_later(provider: Provider) -> None:
    provider.close()

    with pytest.raises(TemporaryFailure) as failure:
        provider.mailer.send(sample_mail(), again=None)

    assert failure.value.retry_after is None
    _names_nobody(failure.value)


def test_a_provider_that_goes_away_is_noticed(provider: Provider) -> None:
    provider.mailer.send(sample_mail(), again=None)
    provider.close()

    with pytest.raises(TemporaryFailure):
        provider.mailer.send(sample_mail(), again=None)


def test_a_mail_that_went_out_unnoticed_is_not_sent_again_where_one_can_ask(
    name: str, provider: Provider
) -> None:
    provider.stay_silent()
    with pytest.raises(TemporaryFailure) as failure:
        provider.mailer.send(sample_mail(), again=None)
    assert failure.value.may_have_happened
    assert (failure.value.by or provider.mailer.name) == name
    assert len(provider.arrived()) == 1

    assert (name in provider.mailer.can_be_asked) == provider.knows_earlier_attempts
    if provider.knows_earlier_attempts:
        sent = provider.mailer.send(sample_mail(), again=name)

        assert (sent.provider, OPERATION in sent.message_id) == (name, True)
        assert len(provider.arrived()) == 1


def test_a_mail_that_never_went_out_is_sent_again(name: str, provider: Provider) -> None:
    sent = provider.mailer.send(sample_mail(), again=name)

    assert OPERATION in sent.message_id
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
        mailer.send(sample_mail(**changes), again=None)
    _names_nobody(failure.value)


def _names_nobody(failure: Exception) -> None:
    texts = [str(failure), str(failure.args)]
    # What a log prints after "During handling of ...": suppressed, so it must be.
    if not failure.__suppress_context__:
        texts.append(str(failure.__context__))
    texts.append(str(failure.__cause__))
    assert not any(word in text for text in texts for word in ("ada", "visitor", "eve", "spam"))
