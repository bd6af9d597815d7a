"""The whole story, in order: register, mail, confirm, promote; decline, renew; withdraw.

Every step is safe to repeat: queues deliver twice, people click twice, processes die in between.
A step looks at the record's status first and continues where the last attempt stopped. Every
move is guarded by the record's ETag; who loses a race (`Changed`) reads again and decides anew.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

from shared import acceptance, events
from shared.end_of_proof import end_proof
from shared.failures import RACES, Changed, PermanentFailure, TemporaryFailure, TooSoon
from shared.follow_ups import forget as forget_record
from shared.follow_ups import put_until_due, schedule, tidy_mailbox
from shared.known_form import known_form
from shared.lead_tombstones import was_deleted
from shared.links import look_up
from shared.mail_claim import claim_first_mail, claim_next_mail, keep_for_renewal
from shared.mailing import send_mail
from shared.promotion import hand_over, hand_over_now
from shared.record_failure import note_promotion_failure
from shared.scanner_check import needs_code, note_decline_opened, refuse_code
from shared.turns import (
    claim_in_its_turn,
    claim_in_turn,
    complain_about,
    count_for_form,
    lane_of_kind,
    with_slot,
)
from shared.values.about import About
from shared.values.confirmation_token import Purpose
from shared.values.event_catalogue import Event
from shared.values.link_view import LinkState, LinkView
from shared.values.mailbox import mailbox_key
from shared.values.messages import (
    FollowUp,
    FollowUpMessage,
    MailAgainMessage,
    PromotionMessage,
    RegistrationMessage,
    WithdrawalMessage,
)
from shared.values.queue_name import QueueName
from shared.values.record import Record, RecordKey
from shared.values.record_notes import Click, MailKind, WithdrawalNote
from shared.withdrawal import opt_out, opt_out_now

if TYPE_CHECKING:
    from shared.ports import Deadline, Outside

# If the process dies between the click and the hand-over, the queue resumes after this.
SAFETY_NET = timedelta(seconds=30)
# The net may come before the click is written, when storage or the instance stood still. With the
# growing waits this outlasts the longest HTTP request (230 s on Azure Functions).
_WAITS_FOR_THE_CLICK = 4
# Declining these changes nothing any more.
_ENDED = frozenset({LinkState.ALREADY_CONFIRMED, LinkState.DECLINED})


# Accept what a visitor asked for. Apart, since somebody waits while it is imported.
register = acceptance.register


def send_confirmation(message: RegistrationMessage, outside: Outside) -> None:
    """Store the record and send the confirmation mail, once."""
    registration = message.registration
    form = known_form(registration.form, outside)
    if outside.now() >= registration.asked_at + form.forgotten_after:
        if message.slot:
            events.note(Event.EXPIRED, registration.about, reason="source_budget")
        else:
            events.alarm(Event.NEVER_MAILED, registration.about)
        return
    if was_deleted(registration, outside):
        events.note(Event.EXPIRED, registration.about, reason="lead_deleted")
        return
    key = RecordKey(
        mailbox_key=mailbox_key(registration.email, outside.rules.pepper),
        registration_id=registration.id,
    )
    count_for_form(message, form, outside)
    seen_before = message.attempt > 0
    claim = claim_in_its_turn(
        with_slot(message, outside),
        lambda: claim_first_mail(registration, form, key, outside, seen_before=seen_before),
        outside,
    )
    if claim is None:
        return
    try:
        send_mail(claim, outside)
    except PermanentFailure as failure:
        # The record has everything: what waits in the poison queue need not name the person.
        replay = _mail_message(claim.stored.value, MailKind.CONFIRMATION, claim.number)
        raise PermanentFailure(str(failure), replay) from None


def send_again(message: MailAgainMessage, outside: Outside) -> None:
    """Send a renewal or a reminder, once."""
    try:
        claim = claim_in_turn(
            lane_of_kind(message.mail),
            lambda: claim_next_mail(message.key, message.mail, message.number, outside),
            outside,
        )
    except TooSoon:
        if message.mail is MailKind.RENEWAL:
            keep_for_renewal(message.key, outside)
        raise
    if claim:
        send_mail(claim, outside)


def show_confirm(token_text: str, outside: Outside) -> LinkView:
    """What a confirmation link leads to. Changes nothing: mail scanners open links."""
    return look_up(Purpose.CONFIRM, token_text, outside).view


def confirm(
    token_text: str, click: Click, deadline: Deadline, outside: Outside, typed_code: str = ""
) -> LinkView:
    """Keep the click, then promote at once if Dataverse answers before the deadline.

    Whatever Dataverse does, the click is kept: the queue carries on. `typed_code` counts where
    the page asked for the code in the mail. Raises TemporaryFailure when storage did not take
    the click: then the person has to press again.
    """
    for _ in range(RACES):
        link = look_up(Purpose.CONFIRM, token_text, outside)
        token = link.view.token
        if link.view.state is not LinkState.CONFIRM or link.stored is None or token is None:
            return link.view
        record, evidence = link.stored.value, click
        if needs_code(record, click.address, outside):
            if refusal := refuse_code(link.stored, token, typed_code, outside):
                return LinkView(state=refusal, token=token)
            evidence = click.with_code()
        message = PromotionMessage(
            mailbox_key=record.mailbox_key, registration_id=record.registration_id
        )
        safety_net = outside.queues.put(
            QueueName.PROMOTIONS, message.to_json(), visible_in=SAFETY_NET
        )
        try:
            confirmed = outside.records.save(link.stored.moved_to(record.confirm(evidence)))
        except Changed:
            newest = outside.records.find(record.key)
            if newest is None or newest.value.click != evidence:
                outside.queues.take_back(safety_net)
                continue
            # Storage had written it before its answer got lost, and then refused the repeat.
            confirmed = newest
        took = events.elapsed(record.asked_at, click.at)
        events.note(Event.CONFIRMED, record.about, seconds=took)
        wait = hand_over_now(confirmed, deadline, outside)
        if wait is None:
            outside.queues.take_back(safety_net)
        elif wait > SAFETY_NET:
            with contextlib.suppress(TemporaryFailure):  # the old net is out, and holds
                outside.queues.put(QueueName.PROMOTIONS, message.to_json(), visible_in=wait)
                outside.queues.take_back(safety_net)
        return LinkView(state=LinkState.CONFIRMED, token=token)
    raise TemporaryFailure("the record is contended")


def promote(message: PromotionMessage, deadline: Deadline, outside: Outside) -> None:
    """Finish what the click began. Raises TemporaryFailure, PermanentFailure and Changed."""
    stored = outside.records.find(message.key)
    if stored is None:
        return
    if not stored.value.was_confirmed:
        if message.attempt < _WAITS_FOR_THE_CLICK:
            raise TemporaryFailure("the click is not written")
        return
    try:
        hand_over(stored, deadline, outside)
    except PermanentFailure as failure:
        failure.about = stored.value.about
        note_promotion_failure(message.key, str(failure), outside)
        raise


def show_decline(token_text: str, outside: Outside, opened_from: str | None = None) -> LinkView:
    """What a "this was not me" link leads to. Notes who opened it, and changes nothing else."""
    link = look_up(Purpose.DECLINE, token_text, outside)
    note_decline_opened(link, opened_from, outside)
    return link.view


def decline(token_text: str, outside: Outside) -> LinkView:
    """Delete the unconfirmed record; keep only the mailbox key, as suppressed."""
    for _ in range(RACES):
        link = look_up(Purpose.DECLINE, token_text, outside)
        if link.view.token is None or link.view.state in _ENDED:
            return link.view
        key = link.view.token.key
        mailbox = outside.records.find_mailbox(key.mailbox_key)
        until = outside.now() + outside.rules.suppression
        left = mailbox.value.without(link.stored.value.chain) if link.stored else mailbox.value
        suppressed = mailbox.moved_to(left.suppress(until))
        schedule(key, FollowUp.FORGET, until, outside)
        try:
            if link.stored is None:
                outside.records.save_mailbox(key.mailbox_key, suppressed)
            else:
                outside.records.forget(link.stored, suppressed)
        except Changed:
            continue
        complain_about(link.stored.value.asked_from if link.stored else None, outside)
        unstored = About(registration=key.registration_id, form=link.view.token.form)
        events.note(Event.DECLINED, link.stored.value.about if link.stored else unstored)
        return LinkView(state=LinkState.DECLINED, token=link.view.token)
    raise TemporaryFailure("the record is contended")


def renew(token_text: str, outside: Outside) -> LinkView:
    """Ask for a fresh mail to the same address, with the token of an expired link."""
    link = look_up(Purpose.CONFIRM, token_text, outside)
    if link.view.state is not LinkState.EXPIRED or link.stored is None or link.view.token is None:
        return link.view
    record, token, now = link.stored.value, link.view.token, outside.now()
    lifetime = known_form(record.form, outside).link_lifetime
    if record.has_mail_after(token.issued_at, lifetime, now):
        return LinkView(state=LinkState.RENEWED, token=token)
    mailbox = outside.records.find_mailbox(record.mailbox_key).value
    if record.has_most_mails or mailbox.refusal(outside.rules.mail_limits, now):
        return LinkView(state=LinkState.TRY_LATER, token=token)
    _ask_for_mail(record, MailKind.RENEWAL, outside)
    return LinkView(state=LinkState.RENEWED, token=token)


def follow_up(message: FollowUpMessage, outside: Outside) -> None:
    """Remind once, forget what was never confirmed, end a proof: when it is due."""
    if message.follow_up is FollowUp.END_PROOF:
        end_proof(message, outside)
        return
    forget = message.follow_up is FollowUp.FORGET
    stored = outside.records.find(message.key)
    if stored is None or stored.value.was_confirmed:
        if forget and outside.now() < message.due_at:
            put_until_due(message, outside)
        elif forget:
            tidy_mailbox(message.key, outside, has_record=stored is not None)
        return
    record = stored.value
    due_at = record.forget_at if forget else message.due_at
    if outside.now() < due_at:
        put_until_due(message.model_copy(update={"due_at": due_at}), outside)
    elif forget:
        forget_record(stored, outside)
    elif record.may_be_reminded:
        _ask_for_mail(record, MailKind.REMINDER, outside)


def show_withdraw(token_text: str, outside: Outside) -> LinkView:
    """What a link to withdraw leads to. Changes nothing: mail scanners open links."""
    return look_up(Purpose.WITHDRAW, token_text, outside).view


def withdraw(
    token_text: str, press: WithdrawalNote, deadline: Deadline, outside: Outside
) -> LinkView:
    """Keep that the consent was taken back, then opt out at once if Dataverse answers in time.

    Raises TemporaryFailure when storage did not take it: then the person has to press again.
    """
    for _ in range(RACES):
        link = look_up(Purpose.WITHDRAW, token_text, outside)
        if link.view.state is not LinkState.WITHDRAW or link.stored is None:
            return link.view
        record = link.stored.value
        message = WithdrawalMessage(
            mailbox_key=record.mailbox_key,
            registration_id=record.registration_id,
            withdrawn_at=press.at,
            one_click=press.one_click,
        )
        safety_net = outside.queues.put(
            QueueName.PROMOTIONS, message.to_json(), visible_in=SAFETY_NET
        )
        try:
            withdrawn = outside.records.save(link.stored.moved_to(record.withdrawn(press)))
        except Changed:
            newest = outside.records.find(record.key)
            if newest is None or press not in newest.value.withdrawals:
                outside.queues.take_back(safety_net)
                continue
            withdrawn = newest
        took = events.elapsed(record.click.at, press.at) if record.click else None
        events.note(Event.WITHDRAWN, record.about, seconds=took)
        if opt_out_now(withdrawn, message, deadline, outside):
            outside.queues.take_back(safety_net)
        return LinkView(state=LinkState.WITHDRAWN, token=link.view.token)
    raise TemporaryFailure("the record is contended")


def carry_out_withdrawal(message: WithdrawalMessage, deadline: Deadline, outside: Outside) -> None:
    """Finish what the press began. Raises TemporaryFailure and PermanentFailure."""
    stored = outside.records.find(message.key)
    if stored:
        opt_out(stored, message, deadline, outside)


def _ask_for_mail(record: Record, kind: MailKind, outside: Outside) -> None:
    # The number makes it one mail, however often it is asked for.
    message = _mail_message(record, kind, len(record.mails) + 1)
    outside.queues.put(QueueName.REGISTRATIONS, message.to_json())


def _mail_message(record: Record, kind: MailKind, number: int) -> MailAgainMessage:
    return MailAgainMessage(
        mailbox_key=record.mailbox_key,
        registration_id=record.registration_id,
        mail=kind,
        number=number,
    )
