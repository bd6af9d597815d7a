"""The key that mails are counted by: every spelling of a mailbox is one, no two mailboxes are."""

import random
import re

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.values.mailbox import canonical, folded, mailbox_key
from tests.examples import PEPPER
from tests.properties.strategies import domains, local_parts, tags, whole_text

DOTS_IGNORED = {"gmail.com", "googlemail.com"}


def spelt_otherwise(local: str, domain: str, tag: str, chance: random.Random) -> str:
    """Another way to write the same mailbox."""
    local = "".join(chance.choice([letter.upper(), letter.lower()]) for letter in local)
    if domain in DOTS_IGNORED:
        local = ".".join(local) if chance.random() < 0.5 else local
        domain = chance.choice(sorted(DOTS_IGNORED))
    return f"{local}{'+' + tag if tag else ''}@{domain.upper()}"


@given(local_parts, domains, tags, st.randoms(use_true_random=False))
def test_every_spelling_is_one_mailbox(
    local: str, domain: str, tag: str, chance: random.Random
) -> None:
    plain = f"{local}@{domain}"
    other = spelt_otherwise(local, domain, tag, chance)
    assert mailbox_key(plain, PEPPER) == mailbox_key(other, PEPPER)


@given(local_parts, domains, local_parts, domains)
def test_different_mailboxes_differ(local: str, domain: str, local2: str, domain2: str) -> None:
    assume((local.lower(), domain) != (local2.lower(), domain2))
    assert mailbox_key(f"{local}@{domain}", PEPPER) != mailbox_key(f"{local2}@{domain2}", PEPPER)


@given(local_parts, st.sampled_from(["example.com", "mail.gmail.com", "contoso.example"]))
def test_dots_count_where_no_rule_says_otherwise(local: str, domain: str) -> None:
    assert folded(f"{local}.x@{domain}") != folded(f"{local}x@{domain}")


@given(local_parts, domains, tags)
def test_folding_twice_changes_nothing(local: str, domain: str, tag: str) -> None:
    once = folded(f"{local}+{tag}@{domain}")
    assert folded(once) == once


@given(whole_text)
def test_no_text_breaks_it(text: str) -> None:
    """Addresses are checked before; but a key must come out of whatever got through."""
    assert folded(folded(text)) == folded(text)
    assert re.fullmatch("[0-9a-f]{64}", mailbox_key(text, PEPPER))


@given(local_parts, domains)
def test_the_key_tells_nothing_of_the_address(local: str, domain: str) -> None:
    key = mailbox_key(f"{local}@{domain}", PEPPER)
    assert key != mailbox_key(f"{local}@{domain}", PEPPER[::-1])
    assert len(key) == 64


@given(st.text(max_size=30))
def test_identity_folds_ascii_letters_only(text: str) -> None:
    folded_text = canonical(text)
    assert canonical(folded_text) == folded_text
    assert len(folded_text) == len(text)
    for before, after in zip(text, folded_text, strict=True):
        assert after == (before.lower() if before.isascii() else before)
