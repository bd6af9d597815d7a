"""The check of one answer: a form with the address and one more field."""

from collections.abc import Mapping
from typing import Any

from shared.values.answer_error import FieldError
from shared.values.answers import Answer, check_answers
from shared.values.form import Form
from tests.values.form_definitions import whitepaper

ADDRESS = "anna@example.com"
_FILLED_IN = {
    "%FORM_WEBSITE_URL%": "https://www.contoso.example",
    "%FORM_MAIL_SENDER%": "newsletter@contoso.example",
    "%FORM_PURPOSE_COMMERCIAL%": "10000000-0000-0000-0000-000000000003",
}


def form_with(kind: str, **more: Any) -> Form:
    """A form that asks for `answer`, a field of the kind given."""
    definition = whitepaper()
    label = {"en": "Answer", "de": "Antwort"}
    definition["fields"] = [
        definition["fields"][0],
        {"id": "answer", "kind": kind, "label": label, **more},
    ]
    definition["trigger"] = {"name": "msdynmkt_doi"}
    definition["consents"][1].pop("topicId")
    return Form.model_validate(_filled_in(definition))


def options(*values: str) -> list[Mapping[str, Any]]:
    """Options of a choice, without option-set values."""
    return [{"value": value, "label": {"en": value, "de": value}} for value in values]


def answered(raw: Any, kind: str, **more: Any) -> Answer | None:
    """The answer in its normal form, None when there is none. Fails when it is refused."""
    checked = check_answers(form_with(kind, **more), {"email": ADDRESS, "answer": raw})
    assert checked.errors == ()
    return checked.answers.get("answer")


def refused(raw: Any, kind: str, **more: Any) -> tuple[str, int | None]:
    """Code and limit of the refusal. Fails when the answer is taken."""
    checked = check_answers(form_with(kind, **more), {"email": ADDRESS, "answer": raw})
    (error,) = checked.errors
    assert error == FieldError(pointer="/fields/answer", code=error.code, limit=error.limit)
    assert "answer" not in checked.answers
    return error.code, error.limit


def _filled_in(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _filled_in(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled_in(item) for item in value]
    if isinstance(value, str):
        for setting, text in _FILLED_IN.items():
            value = value.replace(setting, text)
    return value
