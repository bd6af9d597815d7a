"""The exact address that mail goes to."""

from email_validator import EmailNotValidError, validate_email

from shared.values.answer_error import AnswerRefused

# An encoded word means nothing in an address (RFC 2047 section 5), but some servers and parsers
# decode it all the same, and then the mail goes to somebody else's mailbox.
# https://portswigger.net/research/splitting-the-email-atom
_ENCODED_WORD = "=?"


def normalised_address(text: str) -> str:
    """The address in canonical form: domain in lower case and Unicode, local part as typed.

    No DNS look-up: the answer must not depend on it, and it would slow the visitor down.
    International addresses (RFC 6531) are accepted; quoted local parts, domain literals,
    display names, encoded words, special-use domains and local parts over 64 octets (RFC 5321
    section 4.5.3.1.1) are not. Test domains are, for test stages.

    Raises AnswerRefused("invalid_email").
    """
    if _ENCODED_WORD in text:
        raise AnswerRefused("invalid_email")
    try:
        checked = validate_email(
            text, check_deliverability=False, test_environment=True, strict=True
        )
    except EmailNotValidError:
        # Its message quotes the address: not chained, so that it can reach no log.
        raise AnswerRefused("invalid_email") from None
    return checked.normalized


def wire_address(address: str) -> str:
    """The address as a mail provider takes it: punycode domain wherever the local part is ASCII."""
    checked = validate_email(address, check_deliverability=False, test_environment=True)
    return checked.ascii_email or checked.normalized
