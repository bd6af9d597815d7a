"""What may leave us, and what may not."""

import pytest

from shared.failures import PermanentFailure
from shared.wire_mail import wire_mail
from tests.mailers.sample_mail import sample_mail


def test_an_ordinary_mail_passes_unchanged() -> None:
    assert wire_mail(sample_mail()) == sample_mail()


def test_checking_twice_changes_nothing() -> None:
    mail = wire_mail(sample_mail(to="ada@bücher.example", sender="jörg@straße.example"))

    assert wire_mail(mail) == mail


@pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\t", "\ud800"])
@pytest.mark.parametrize("part", ["sender_name", "subject"])
def test_refuses_characters_that_no_header_has(part: str, character: str) -> None:
    with pytest.raises(PermanentFailure, match="no header may have"):
        wire_mail(sample_mail(**{part: f"ada{character}"}))


@pytest.mark.parametrize("address", ["", "ada", "a@b@c.example", "ada@", "Ada <ada@x.example>"])
@pytest.mark.parametrize("part", ["to", "sender"])
def test_refuses_what_is_no_address(part: str, address: str) -> None:
    with pytest.raises(PermanentFailure, match=r"is no address$") as failure:
        wire_mail(sample_mail(**{part: address}))

    assert failure.value.__suppress_context__
    assert failure.value.__cause__ is None


@pytest.mark.parametrize(
    "name",
    ["Bcc", "bcc", "To", "Resent-To", "Content-Type", "Message-ID", "X Kind", "", "X-Kind:", "Ü"],
)
def test_refuses_headers_that_are_not_the_composers(name: str) -> None:
    with pytest.raises(PermanentFailure, match="must not set"):
        wire_mail(sample_mail(headers={name: "value"}))


@pytest.mark.parametrize("part", ["text", "html"])
def test_refuses_half_a_character_in_the_body(part: str) -> None:
    with pytest.raises(PermanentFailure, match="half a character") as failure:
        wire_mail(sample_mail(**{part: "Hello \ud83d"}))

    assert failure.value.__suppress_context__
    assert failure.value.__cause__ is None


@pytest.mark.parametrize("message_id", ["", "no-brackets@contoso.example", "<a><b>", "<no-domain>"])
def test_refuses_a_message_id_that_is_none(message_id: str) -> None:
    with pytest.raises(PermanentFailure, match="message id"):
        wire_mail(sample_mail(message_id=message_id))


@pytest.mark.parametrize("language", ["", "d", "de_DE", "de\r\nBcc", "de DE", "日本"])
def test_refuses_a_language_that_is_none(language: str) -> None:
    with pytest.raises(PermanentFailure, match="language"):
        wire_mail(sample_mail(language=language))
