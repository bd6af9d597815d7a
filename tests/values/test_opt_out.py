"""Which consents a withdrawal ends."""

from datetime import timedelta
from typing import Any

from shared.values.contact import contact_of
from shared.values.opt_out import (
    OptOut,
    Withdrawal,
    consented_later,
    opt_out_of,
)
from shared.values.record import Record
from shared.values.record_notes import Click, Promotion, WithdrawalNote
from shared.values.registration import GivenConsent
from tests.examples import FORM_SETTINGS, NOON, PEPPER, PURPOSE, record, registration, sample_forms

FORMS = sample_forms()
TOPIC = FORM_SETTINGS["FORM_TOPIC_PRODUCT_NEWS"]
OTHER_TOPIC = "20000000-0000-0000-0000-000000000002"
AN_HOUR = timedelta(hours=1)
WITHDRAWAL = Withdrawal(at=NOON + AN_HOUR, one_click=False)
NOTE = WithdrawalNote(at=NOON + AN_HOUR)


def confirmed(*consents: str, form: str = "whitepaper", number: int = 1, **changes: Any) -> Record:
    """Anna, who confirmed at noon what she had consented to."""
    given = tuple(
        GivenConsent(id=one, language="de", text="text", version="0" * 64) for one in consents
    )
    click = Click(at=NOON, address=None, user_agent=None)
    return record(registration(number=number)).model_copy(
        update={"form": form, "consents": given, "click": click, **changes}
    )


def ended_by(*others: Record, of: Record, forms: Any = FORMS) -> dict[tuple[str, str | None], bool]:
    """Purposes and topics that end, and whether other topics are spared."""
    wanted = _opt_out(of, *others, forms=forms)
    return {(one.purpose_id, one.topic_id): one.spares_topics for one in wanted.consents}


def _opt_out(of: Record, *others: Record, forms: Any = FORMS) -> OptOut:
    return opt_out_of(of, others, WITHDRAWAL, forms, PEPPER)


def test_what_was_opted_in_to_ends() -> None:
    assert ended_by(of=confirmed("download")) == {(PURPOSE, None): False}
    assert ended_by(of=confirmed("productNews")) == {
        (PURPOSE, TOPIC): False,
        (PURPOSE, None): True,
    }
    assert ended_by(of=confirmed("download", "productNews")) == {
        (PURPOSE, TOPIC): False,
        (PURPOSE, None): False,
    }


def test_new_rows_have_the_ids_that_the_opt_in_would_have() -> None:
    one = confirmed("productNews")
    opted_in = contact_of(one, FORMS["whitepaper"], PEPPER).consents
    assert {row.new_id for row in _opt_out(one).consents} == {row.new_id for row in opted_in}


def test_the_reason_names_registration_and_moment() -> None:
    wanted = _opt_out(confirmed("download"))
    assert wanted.reason == f"withdrawn {registration().id} 2026-11-22T13:00:00Z"
    assert (wanted.email, wanted.withdrawal) == ("anna@example.com", WITHDRAWAL)


def test_the_purpose_of_a_topic_stays_for_what_another_registration_needs() -> None:
    topic = confirmed("productNews")
    assert ended_by(confirmed("download", number=2), of=topic) == {(PURPOSE, TOPIC): False}
    newsletter = confirmed("newsletter", form="newsletter", number=2)
    assert ended_by(newsletter, of=topic) == {(PURPOSE, TOPIC): False}


def test_the_same_topic_asked_for_twice_ends_once_for_both() -> None:
    again = confirmed("productNews", number=2)
    assert ended_by(again, of=confirmed("productNews")) == {
        (PURPOSE, TOPIC): False,
        (PURPOSE, None): True,
    }


def test_a_purpose_ends_whoever_else_asked_for_it() -> None:
    """Otherwise the mails would go on."""
    newsletter = confirmed("newsletter", form="newsletter", number=2)
    assert ended_by(newsletter, of=confirmed("download")) == {(PURPOSE, None): False}


def test_who_does_not_count() -> None:
    whole = {(PURPOSE, TOPIC): False, (PURPOSE, None): True}
    topic = confirmed("productNews")
    for other in (
        confirmed("download", number=2, click=None),
        confirmed("download", number=2, withdrawals=(NOTE,)),
        confirmed("download", number=2, email="anna+other@example.com"),
        confirmed("download", number=2, form="removed"),
    ):
        assert ended_by(other, of=topic) == whole


PROMOTED = Promotion(contact_id="1", contact_created=True, consent_ids=("a", "b"), written_at=NOON)


def test_where_the_form_does_not_tell_any_more_the_written_rows_end() -> None:
    one = confirmed("download", promotion=PROMOTED)
    assert _opt_out(one).row_ids == ()
    assert _opt_out(one, forms={}).row_ids == ("a", "b")
    assert _opt_out(one, forms={}).consents == ()
    partly = confirmed("download", "removed", promotion=PROMOTED)
    assert _opt_out(partly).row_ids == ("a", "b")
    assert _opt_out(confirmed("download"), forms={}).row_ids == ()


def test_a_later_consent_makes_an_old_link_work_again() -> None:
    withdrawn = confirmed("download", withdrawals=(NOTE,))
    later = Click(at=NOON + 2 * AN_HOUR, address=None, user_agent=None)

    def again(*consents: str, **changes: Any) -> bool:
        other = confirmed(*consents, number=2, **{"click": later, **changes})
        return consented_later(withdrawn, [withdrawn, other], FORMS)

    assert again("download")
    assert again("newsletter", form="newsletter")
    assert again("download", email="Anna@Example.com")
    assert not again("download", email="anna+other@example.com")
    assert not again("download", click=None)
    assert not again("download", click=later.model_copy(update={"at": NOON}))
    assert not again("productNews")  # another consent than the one that was withdrawn
    assert not again("download", form="removed")
