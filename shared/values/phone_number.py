"""Telephone numbers."""

import phonenumbers

from shared.values.answer_error import AnswerRefused


def e164(text: str, region: str | None) -> str:
    """The number as E.164, "+4930123456"; `region` (ISO 3166) reads numbers without a plus.

    Raises AnswerRefused("invalid_phone").
    """
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise AnswerRefused("invalid_phone") from None
    if not phonenumbers.is_possible_number(number):
        raise AnswerRefused("invalid_phone")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
