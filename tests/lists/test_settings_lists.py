"""The settings, in three places: the class, local.settings.sample.json, docs/settings.md."""

import re

from shared.settings import Settings
from shared.wiring import Wiring
from tests.examples import FORM_SETTINGS, ROOT, sample_forms
from tests.infra.app_settings import of_the_app, of_the_sample_forms
from tests.lists.conftest import sample_settings

# Not the app's: the Functions host and the identity library read them.
OF_OTHERS = {
    "FUNCTIONS_WORKER_RUNTIME",
    "PYTHON_THREADPOOL_THREAD_COUNT",
    "IDENTITY_ENDPOINT",
    "IDENTITY_HEADER",
}


def test_the_sample_has_every_setting() -> None:
    assert set(sample_settings()) == of_the_app() | of_the_sample_forms() | OF_OTHERS


def test_the_tests_use_the_same_ones() -> None:
    assert set(FORM_SETTINGS) == of_the_sample_forms()


def test_the_app_starts_with_the_sample() -> None:
    wiring = Wiring(sample_settings())
    assert set(wiring.forms) == set(sample_forms())
    assert wiring.rules.public_url == sample_settings()["DOI_PUBLIC_URL"]


def test_the_sample_shows_the_defaults() -> None:
    """Where the local stack needs nothing else."""
    local = {"SMTP_PORT", "SMTP_TLS", "DOI_MAIL_COOLDOWN_SECONDS", "DOI_DESK"}
    local |= {"LINKEDIN_API_URL", "LINKEDIN_OAUTH_URL"}
    shown = {name: value for name, value in sample_settings().items() if name not in local}
    for field in Settings.model_fields.values():
        if field.default is not None and not field.is_required() and field.alias in shown:
            assert shown[field.alias] == str(field.default)


def test_the_docs_have_every_setting_once() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|")]
    documented = [name for row in rows for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert sorted(documented) == sorted(of_the_app() | of_the_sample_forms())
    for name in OF_OTHERS:
        assert f"`{name}`" in text


def test_the_docs_show_the_defaults() -> None:
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for field in Settings.model_fields.values():
        if field.default is not None and not field.is_required():
            assert f"| `{field.alias}` | `{field.default}` |" in text
