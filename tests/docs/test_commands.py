"""Every command that the documentation names exists, and takes what is given there."""

import pytest

from tests.docs.commands import commands_of, mistake
from tests.docs.documents import ALL, Document


@pytest.mark.parametrize("name", ALL)
def test_commands_parse(name: str) -> None:
    wrong = {
        line: said
        for line, complete in commands_of(ALL[name])
        if (said := mistake(line, complete=complete))
    }
    assert wrong == {}


def test_commands_are_found_at_all() -> None:
    found = [line for each in ALL.values() for line, _ in commands_of(each)]
    assert sum("poison replay" in line for line in found) >= 5
    assert sum(line.startswith("python3 dev.py") for line in found) >= 10
    assert any("--app https" in line for line in found)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("doi poison empty", "doi poison has no command empty"),
        ("doi poison replay promotions --every", "--every"),
        ("doi poison replay teeth --all", "'teeth' is not one of"),
        ("doi poison drop promotions", "--id"),
        ("doi poison list promotions", "promotions"),
        ("doi doctor --only teeth", "'teeth' is not one of"),
        ("doi doctor --app http://doi.contoso.com", "http"),
        ("DOI_CREDENTIAL=azure-cli doi --setting a.json doctor", "doi has no option --setting"),
        ("python -m cli doktor", "doi has no command doktor"),
        ("python3 dev.py upp", "upp"),
        ("python3 dev.py up --freshly", "dev.py up has no --freshly"),
        ("python3 dev.py doi --port-base 9000 poison lists", "doi poison has no command lists"),
        ("python -m local.nothing", "there is no module local.nothing"),
        ("python3 infra/nothing.py --app A", "there is no infra/nothing.py"),
    ],
)
def test_mistakes_are_found(line: str, said: str) -> None:
    assert said in mistake(line, complete=True)


@pytest.mark.parametrize(
    "line",
    [
        "doi poison replay QUEUE --id ID [--yes]",
        "doi --settings app-settings.json doctor --only dataverse   # as you",
        "DOI_CREDENTIAL=azure-cli python -m cli doctor --app https://doi.contoso.com",
        "python3 dev.py test tests/docs -q",
        "python3 dev.py doi --port-base 9000 doctor",
        'python3 -c "import secrets; print(secrets.token_urlsafe(48))"',
    ],
)
def test_what_is_right_passes(line: str) -> None:
    assert mistake(line, complete=True) == ""


def test_a_command_may_be_named_without_arguments_in_a_sentence_only() -> None:
    text = "Then `doi poison replay`.\n\n```sh\ndoi poison replay\n```\n"
    said = [
        mistake(line, complete=each) for line, each in commands_of(Document(name="", text=text))
    ]
    assert said[1:] == [""]
    assert "QUEUE" in said[0]
