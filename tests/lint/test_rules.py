"""Each rule refuses what it is for, and lets its near misses pass."""

import pytest

from cli.lint.lint import broken_rules
from cli.lint.rule import Mode
from cli.lint.rules import RULE_BY_ID, RULES
from cli.lint.sample import Origin
from shared.values.record_notes import MailKind
from tests.lint.mails import clean, mail_of
from tests.lint.rule_samples import SAMPLES, Make
from tests.words.samples import LANGUAGES, form_in

REFUSED = [
    (rule, name, make) for rule, each in SAMPLES.items() for name, make in each.refused.items()
]
LET_PASS = [
    (rule, name, make) for rule, each in SAMPLES.items() for name, make in each.let_pass.items()
]


def test_every_rule_has_samples_and_every_sample_a_rule() -> None:
    assert list(SAMPLES) == [rule.id for rule in RULES]
    assert len(RULE_BY_ID) == len(RULES)


@pytest.mark.parametrize(
    ("rule", "make"), [(r, m) for r, _, m in REFUSED], ids=[f"{r}: {n}" for r, n, _ in REFUSED]
)
def test_it_is_refused(rule: str, make: Make) -> None:
    hits = list(RULE_BY_ID[rule].find(make()))
    assert hits
    for hit in hits:
        assert hit.excerpt.strip()


@pytest.mark.parametrize(
    ("rule", "make"), [(r, m) for r, _, m in LET_PASS], ids=[f"{r}: {n}" for r, n, _ in LET_PASS]
)
def test_it_is_let_pass(rule: str, make: Make) -> None:
    assert list(RULE_BY_ID[rule].find(make())) == []


@pytest.mark.parametrize("language", [*LANGUAGES, "de-AT"])
@pytest.mark.parametrize("kind", MailKind)
@pytest.mark.parametrize("origin", Origin)
def test_the_shipped_texts_are_clean_in_every_language(
    language: str, kind: MailKind, origin: Origin
) -> None:
    mail = mail_of(form_in(language), language, kind, origin)
    broken = [(rule.id, hit) for rule, hit in broken_rules(mail, Mode.STRICT)]
    # The sample form's own texts stay English, so its subject has no word of another language.
    assert [each for each in broken if each[0] != "subject-purpose" or language == "en"] == []


def test_normal_mode_has_the_rules_that_are_not_strict() -> None:
    strict = {rule.id for rule in RULES if rule.mode is Mode.STRICT}
    assert strict == {
        "welcome",
        "contact-invitation",
        "urgency",
        "exclamation",
        "word-list",
        "subject-purpose",
        "logo",
    }
    mail = SAMPLES["welcome"].refused["as at Stendal"]()
    assert "welcome" in {rule.id for rule, _ in broken_rules(mail, Mode.STRICT)}
    assert list(broken_rules(mail, Mode.NORMAL)) == []


def test_every_rule_names_its_source_and_how_to_mend() -> None:
    for rule in RULES:
        assert rule.what[0].islower() or rule.what[0] in "'L"
        assert rule.mend.endswith(".")
        assert rule.authority.name
        assert rule.authority.url is None or rule.authority.url.startswith("https://")
        assert rule.find.__doc__


def test_the_clean_mail_of_these_tests_is_clean() -> None:
    assert list(broken_rules(clean(), Mode.STRICT)) == []
