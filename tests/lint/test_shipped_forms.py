"""The forms that the repository ships pass the strict linter, mail by mail."""

import pytest

from cli.lint.lint import lint_form
from cli.lint.place import Places
from cli.lint.rule import Mode
from tests.examples import sample_forms
from tests.lint.mails import offline


@pytest.mark.parametrize("name", sample_forms())
def test_it_is_clean(name: str) -> None:
    form = offline().loaded.forms[name]
    result = lint_form(form, offline(), Places(offline().folder), mode=Mode.STRICT)
    assert result.findings == ()
    # Each language as confirmation, renewal and reminder, from the website and from LinkedIn.
    assert result.mails == len(form.languages) * 3 * 2
