"""Tokens in table `leads`: they begin with the settings, and a new setting replaces them."""

import contextlib
from datetime import timedelta

import pytest
from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables import TableClient

from shared.adapters.linkedin_tokens import TABLE, StoredTokens, TokenSettings
from shared.adapters.storage_access import ByConnectionString
from shared.failures import Changed
from shared.values.linkedin.authorization import Authorization
from tests.examples import NOON

REFRESH = TokenSettings(refresh_token="refresh-of-the-settings")


@pytest.fixture
def storage(leads_storage: ByConnectionString) -> ByConnectionString:
    """Nobody has signed in."""
    with (
        TableClient.from_connection_string(leads_storage.connection_string, TABLE) as table,
        contextlib.suppress(ResourceNotFoundError),
    ):
        table.delete_entity("linkedin", "authorization")
    return leads_storage


def tokens(
    storage: ByConnectionString, settings: TokenSettings, after: timedelta = timedelta(0)
) -> StoredTokens:
    return StoredTokens(storage, settings, lambda: NOON + after)


def renewed(token: str) -> Authorization:
    return Authorization(
        access_token=token,
        issued_at=NOON,
        access_ends_at=NOON + timedelta(days=60),
        refresh_token="refresh-of-the-settings",
        refresh_ends_at=NOON + timedelta(days=365),
        scopes=("r_marketing_leadgen_automation",),
    )


def test_nobody_has_signed_in(storage: ByConnectionString) -> None:
    assert tokens(storage, TokenSettings()).load() is None


def test_a_refresh_token_of_the_settings_is_used_at_once(storage: ByConnectionString) -> None:
    found = tokens(storage, REFRESH).load()
    assert found is not None
    assert found.etag is None
    assert found.value.refresh_token == "refresh-of-the-settings"
    assert found.value.is_ended(NOON)


def test_what_one_instance_renewed_all_have(storage: ByConnectionString) -> None:
    first = tokens(storage, REFRESH)
    begun = first.load()
    assert begun is not None
    first.save(begun.moved_to(renewed("access-1")))
    found = tokens(storage, REFRESH).load()
    assert found is not None
    assert found.value == renewed("access-1")
    with pytest.raises(Changed):
        first.save(begun.moved_to(renewed("access-2")))
    tokens(storage, REFRESH).save(found.moved_to(renewed("access-3")))


def test_a_new_setting_replaces_what_was_stored(storage: ByConnectionString) -> None:
    old = tokens(storage, REFRESH)
    begun = old.load()
    assert begun is not None
    old.save(begun.moved_to(renewed("access-1")))

    new = tokens(storage, TokenSettings(refresh_token="another"))
    found = new.load()
    assert found is not None
    assert found.value.refresh_token == "another"
    new.save(found.moved_to(renewed("access-2")))
    again = new.load()
    assert again is not None
    assert again.value.access_token == "access-2"


def test_who_signed_in_by_the_command_line_needs_no_setting(storage: ByConnectionString) -> None:
    signed_in = tokens(storage, REFRESH)
    begun = signed_in.load()
    assert begun is not None
    signed_in.save(begun.moved_to(renewed("access-1")))
    found = tokens(storage, TokenSettings()).load()
    assert found is not None
    assert found.value.access_token == "access-1"


def test_an_access_token_counts_from_when_it_was_first_seen(storage: ByConnectionString) -> None:
    settings = TokenSettings(access_token="an-access-token")
    first = tokens(storage, settings).load()
    later = tokens(storage, settings, timedelta(days=20)).load()
    assert first is not None
    assert later is not None
    assert first.value == later.value
    assert later.value.access_ends_at == NOON + timedelta(days=60)
    assert later.value.refresh_token is None


def test_a_damaged_row_begins_anew(storage: ByConnectionString) -> None:
    stored = tokens(storage, REFRESH)
    begun = stored.load()
    assert begun is not None
    stored.save(begun.moved_to(renewed("access-1")))
    with TableClient.from_connection_string(storage.connection_string, TABLE) as table:
        row = table.get_entity("linkedin", "authorization")
        table.update_entity({**row, "authorization": "{"})
    found = stored.load()
    assert found is not None
    assert found.value.is_ended(NOON)
    stored.save(found.moved_to(renewed("access-2")))


def test_tokens_are_not_shown() -> None:
    assert "refresh-of-the-settings" not in repr(REFRESH)
