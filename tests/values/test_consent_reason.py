"""The reason of a consent row says what the person said last, and when."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from shared.values.consent_reason import Word, opt_in_reason, opt_out_reason, word_in
from tests.examples import NOON, registration

ID = registration().id


def test_what_is_written_is_read() -> None:
    assert word_in(opt_in_reason(ID, NOON, "ab" * 32)) == Word(yes=True, said_at=NOON)
    assert word_in(opt_out_reason(ID, NOON)) == Word(yes=False, said_at=NOON)


def test_moments_are_in_utc_and_to_the_second() -> None:
    berlin = timezone(timedelta(hours=1))
    moment = datetime(2026, 11, 22, 13, 0, 0, 999_999, tzinfo=berlin)
    assert opt_out_reason(ID, moment) == f"withdrawn {ID} 2026-11-22T12:00:00Z"
    word = word_in(opt_out_reason(ID, moment))
    assert word is not None
    assert word.said_at == datetime(2026, 11, 22, 12, 0, 0, tzinfo=UTC)


def test_it_fits_the_column() -> None:
    assert len(opt_in_reason(ID, NOON, "ab" * 32)) <= 100


@pytest.mark.parametrize(
    "reason",
    [
        None,
        "",
        "DOI",
        "DOI 0001",
        "Opted out in the preference centre",
        "withdrawn 2026-11-22T12:00:00Z",
        f"withdrawn {ID} 2026-11-22",
        f"withdrawn {ID} 2026-02-31T12:00:00Z",
        f"withdrawn {ID} 2026-11-22T25:00:00Z",
        f"withdrawn {ID} 2026-11-22T12:00:00Zulu",
        f" withdrawn {ID} 2026-11-22T12:00:00Z",
        f"Withdrawn {ID} 2026-11-22T12:00:00Z",
        f"undone: withdrawn {ID} 2026-11-22T12:00:00Z",
    ],
)
def test_what_others_wrote_says_nothing(reason: str | None) -> None:
    assert word_in(reason) is None


def test_the_later_word_counts_and_in_the_same_second_no() -> None:
    later = NOON + timedelta(seconds=1)
    yes, no = Word(yes=True, said_at=NOON), Word(yes=False, said_at=NOON)
    assert no.supersedes(yes)
    assert not yes.supersedes(no)
    assert not yes.supersedes(yes)
    assert not no.supersedes(no)
    for word in (yes, no):
        for other in (yes, no):
            newer = Word(yes=word.yes, said_at=later)
            assert newer.supersedes(other)
            assert not other.supersedes(newer)
