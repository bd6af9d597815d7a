"""Every event that is logged: at which level, with which facts, what it means, what there is to do.

docs/events.md shows the same as a table.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, NamedTuple, TypedDict


class Event(StrEnum):
    """The names, in the order of the journey."""

    ACCEPTED = "accepted"
    HONEYPOT = "honeypot"
    REGISTER_UNAVAILABLE = "register_unavailable"
    MAILED = "mailed"
    MAIL_NOT_KEPT = "mail_not_kept"
    MAIL_WITHHELD = "mail_withheld"
    NEVER_MAILED = "never_mailed"
    MAIL_REPORT = "mail_report"
    MAIL_BOUNCED = "mail_bounced"
    MAIL_REPORT_DROPPED = "mail_report_dropped"
    MAIL_REPORT_IGNORED = "mail_report_ignored"
    CODE_ASKED = "code_asked"
    CODE_WRONG = "code_wrong"
    CONFIRMED = "confirmed"
    CONTACT_WRITTEN = "contact_written"
    CONTACTS_AMBIGUOUS = "contacts_ambiguous"
    PROMOTED = "promoted"
    PROMOTION_POSTPONED = "promotion_postponed"
    TRIGGERED_TWICE = "triggered_twice"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    WITHDRAWAL_POSTPONED = "withdrawal_postponed"
    OPTED_OUT = "opted_out"
    ERASED = "erased"
    WRITTEN_AFTER_ERASURE = "written_after_erasure"
    FAILED = "failed"
    PAGE_UNAVAILABLE = "page_unavailable"

    WAITING = "waiting"
    POSTPONED = "postponed"
    POISONED = "poisoned"
    POISON_WAITING = "poison_waiting"
    QUEUE_UNSEEN = "queue_unseen"
    QUEUE_DEPTH = "queue_depth"
    COUNTS_NOT_WRITTEN = "counts_not_written"
    COUNTS_NOT_TIDIED = "counts_not_tidied"

    FORM_OVER_CEILING = "form_over_ceiling"
    SOURCE_THROTTLED = "source_throttled"
    MAIL_THROTTLED = "mail_throttled"
    MAIL_PROVIDER_RESTS = "mail_provider_rests"
    MAIL_PROVIDER_SWITCHED = "mail_provider_switched"
    FORM_SKIPPED = "form_skipped"
    UNKNOWN_SETTING = "unknown_setting"
    ORIGINS_FORGOTTEN = "origins_forgotten"
    ORIGINS_NOT_FORGOTTEN = "origins_not_forgotten"
    DOCTOR_FAILED = "doctor_failed"

    LINKEDIN_CALL = "linkedin_call"
    LINKEDIN_IGNORED = "linkedin_ignored"
    LINKEDIN_REFUSED = "linkedin_refused"
    LINKEDIN_SIGNATURE = "linkedin_signature"
    LINKEDIN_UNAVAILABLE = "linkedin_unavailable"
    LINKEDIN_UNREADABLE = "linkedin_unreadable"
    LINKEDIN_LISTING_GOES_ON = "linkedin_listing_goes_on"
    LINKEDIN_NOT_RECONCILED = "linkedin_not_reconciled"
    LINKEDIN_SIGN_IN_DUE = "linkedin_sign_in_due"
    LINKEDIN_SIGN_IN_UNSEEN = "linkedin_sign_in_unseen"
    LINKEDIN_VERSION_DUE = "linkedin_version_due"
    LEAD_ACTION_UNKNOWN = "lead_action_unknown"
    LEAD_ANNOUNCED = "lead_announced"
    LEAD_DELETED = "lead_deleted"
    LEAD_DELETED_AFTER_CONFIRMATION = "lead_deleted_after_confirmation"
    LEAD_GIVEN_UP = "lead_given_up"
    LEAD_KNOWN = "lead_known"
    LEAD_PARKED = "lead_parked"
    LEAD_RECORD_REMOVED = "lead_record_removed"
    LEAD_ROW_DAMAGED = "lead_row_damaged"
    LEAD_TEST = "lead_test"
    LEADS_NOT_TIDIED = "leads_not_tidied"
    LEADS_RECONCILED = "leads_reconciled"
    LEADS_TIDIED = "leads_tidied"


class QueueDepth(TypedDict):
    """What waits in one queue; null is what storage did not show.

    `waiting` counts about all messages, those that are hidden until later included; `visible`
    those that a function could take now, up to 32; `age` is how many seconds ago the oldest of
    these was put, or became due; `poison` counts the messages of its poison queue.
    """

    queue: str
    waiting: int | None
    visible: int | None
    age: int | None
    poison: int | None


class Facts(TypedDict, total=False):
    """What an event may carry beside what it is about. None of it names a person."""

    action: Annotated[str, "what LinkedIn says happened to the lead"]
    age: Annotated[int, "seconds since the oldest message was put"]
    attempt: Annotated[int, "how often it was tried before"]
    call: Annotated[str, "what LinkedIn was asked for"]
    cause: Annotated[str, "`throttled` (the provider said so) or `failing`"]
    ceiling: Annotated[int, "registrations a day that are not worth an alarm"]
    contact: Annotated[str, "the contact's id in Dataverse"]
    contacts: Annotated[list[str], "likewise, of several"]
    count: Annotated[int, "messages in the poison queue, about"]
    days: Annotated[int, "how many days"]
    file: Annotated[str, "name of the form's file"]
    instead_of: Annotated[str, "the mail provider that sent before"]
    kind: Annotated[str, "why the mail was sent: `confirmation`, `renewal` or `reminder`"]
    lead: Annotated[str, "LinkedIn's id of the lead"]
    lead_form: Annotated[str | None, "URN of LinkedIn's form"]
    lead_type: Annotated[str, "`SPONSORED`, `EVENT` …"]
    leads: Annotated[int, "how many leads"]
    li_fabric: Annotated[str | None, "for LinkedIn's support"]
    li_request_id: Annotated[str | None, "for LinkedIn's support"]
    li_uuid: Annotated[str | None, "for LinkedIn's support"]
    method: Annotated[str, "HTTP method"]
    network: Annotated[str, "keyed digest of a network: comparable, and no address"]
    number: Annotated[int, "which of the registration's mails, counted from 1"]
    oldest: Annotated[str, "when the oldest message was put"]
    owner: Annotated[str, "URN of the ad account or company page"]
    pointer: Annotated[str, "where in the file"]
    provider: Annotated[str | None, "`acs`, `graph` or `smtp`"]
    queue: Annotated[str, "name of the queue"]
    queues: Annotated[list[QueueDepth], "what waits in each queue: see below"]
    reached: Annotated[str, "when the leads were submitted that come next"]
    reason: Annotated[str | None, "why, without a person"]
    reasons: Annotated[list[str], "up to five of them"]
    registrations: Annotated[list[str], "ids of up to ten"]
    registrations_today: Annotated[int, "of this form, in UTC"]
    seconds: Annotated[int | None, "how long it took, or has to wait"]
    setting: Annotated[str, "name of the setting"]
    state: Annotated[str, "how far the lead has come"]
    status: Annotated[str | int, "the provider's word for what became of a mail, or an HTTP status"]
    step: Annotated[str, "`mail` or `promotion`"]
    type: Annotated[str, "kind of what came in"]
    until: Annotated[str, "the last day"]
    variant: Annotated[str, "how LinkedIn had written what it signed"]
    version: Annotated[str, "of LinkedIn's API"]


class Level(StrEnum):
    """INFO: as it should be. WARNING: not yet, and tried again. ERROR: somebody has to look."""

    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


class Described(NamedTuple):
    """`facts` are those that it may carry, `act` is what somebody has to do about an ERROR."""

    levels: tuple[Level, ...]
    facts: tuple[str, ...]
    means: str
    act: str = ""


_LIFE = "registration form source"
_INFO, _WARNING, _ERROR = (Level.INFO,), (Level.WARNING,), (Level.ERROR,)
_REPLAY = "Mend what `reason` names, then `doi poison replay`."


def _of(levels: tuple[Level, ...], facts: str, means: str, act: str = "") -> Described:
    return Described(levels=levels, facts=tuple(facts.split()), means=means, act=act)


CATALOGUE: Mapping[Event, Described] = {
    Event.ACCEPTED: _of(_INFO, _LIFE, "A sign-up stands in the queue; the website gets its 202."),
    Event.HONEYPOT: _of(
        _INFO, _LIFE, "A program filled in the hidden field: answered like any other, and dropped."
    ),
    Event.REGISTER_UNAVAILABLE: _of(
        _ERROR,
        f"{_LIFE} reason",
        "The queue did not take a sign-up: the website got 503 and has to call again.",
        "Look at the storage account. It ends by itself when storage is back.",
    ),
    Event.MAILED: _of(
        _INFO,
        f"{_LIFE} kind number provider seconds",
        "A mail left. `seconds` since the sign-up, for the first mail.",
    ),
    Event.MAIL_NOT_KEPT: _of(
        _WARNING,
        f"{_LIFE} number reason",
        "A mail leaves whose text cannot be shown later: only its SHA-256 is noted. A recipient "
        "whose address stands in the form's own texts is such a case.",
    ),
    Event.MAIL_WITHHELD: _of(
        _INFO,
        f"{_LIFE} reason",
        'The mailbox had its mails of the day, or said "this was not me": no mail.',
    ),
    Event.NEVER_MAILED: _of(
        _ERROR,
        _LIFE,
        "No mail left for a registration before its form forgot it: it is lost.",
        "Find out why no mail left for days: `postponed`, `mail_provider_rests`.",
    ),
    Event.MAIL_REPORT: _of(
        _INFO,
        f"{_LIFE} number provider status",
        "The provider reports about a mail: `Delivered`, or nothing that speaks against it.",
    ),
    Event.MAIL_BOUNCED: _of(
        _WARNING,
        f"{_LIFE} number provider status",
        "The provider reports that a mail did not reach the inbox: no reminder goes there.",
    ),
    Event.MAIL_REPORT_DROPPED: _of(
        _INFO, "status", "A report about a mail that no record knows (any more)."
    ),
    Event.MAIL_REPORT_IGNORED: _of(
        _INFO, "type", "Event Grid sent something else than a delivery report."
    ),
    Event.CODE_ASKED: _of(
        _INFO, _LIFE, "A press that may be a mail scanner's has to give the code in the mail."
    ),
    Event.CODE_WRONG: _of(_INFO, _LIFE, "A wrong code was typed."),
    Event.CONFIRMED: _of(
        _INFO, f"{_LIFE} seconds", "The person pressed the button, `seconds` after the sign-up."
    ),
    Event.CONTACT_WRITTEN: _of(_INFO, f"{_LIFE} contact", "Contact and consents are in Dataverse."),
    Event.CONTACTS_AMBIGUOUS: _of(
        _WARNING,
        "contacts",
        "Several active contacts have the address; the first, modified last, is used.",
    ),
    Event.PROMOTED: _of(
        _INFO, f"{_LIFE} seconds", "The journey was started, `seconds` after the click."
    ),
    Event.PROMOTION_POSTPONED: _of(
        _WARNING,
        f"{_LIFE} reason",
        "It did not work while the person waited: the page says confirmed, the queue goes on.",
    ),
    Event.TRIGGERED_TWICE: _of(
        _WARNING, _LIFE, "Two workers fired the trigger: the journey may have started twice."
    ),
    Event.DECLINED: _of(
        _INFO, _LIFE, 'The person said "this was not me": deleted, the mailbox is suppressed.'
    ),
    Event.EXPIRED: _of(
        (Level.INFO, Level.ERROR),
        f"{_LIFE} reason",
        "Nothing is kept of a registration: `unconfirmed` in time, `mail_withheld`, "
        "`source_budget` (a flood), `lead_deleted`; as an ERROR it was dropped from poison.",
        "It waited in poison for too long: mend the cause that `poison_waiting` names.",
    ),
    Event.WITHDRAWN: _of(
        _INFO, f"{_LIFE} seconds", "The person took the consent back, `seconds` after the click."
    ),
    Event.WITHDRAWAL_POSTPONED: _of(
        _WARNING,
        f"{_LIFE} reason",
        "Dataverse did not opt out while the person waited: the page says withdrawn, the queue "
        "goes on.",
    ),
    Event.OPTED_OUT: _of(
        _INFO, f"{_LIFE} seconds", "Dataverse has the withdrawal, `seconds` after it."
    ),
    Event.ERASED: _of(
        _INFO,
        "registration",
        "The person was erased on request (`doi erase`): hashes are left, for `DOI_PROOF_DAYS`.",
    ),
    Event.WRITTEN_AFTER_ERASURE: _of(
        _ERROR,
        f"{_LIFE} contact",
        "A contact was being written while its person was erased, and is in Dataverse.",
        "`doi erase ADDRESS --dataverse` once more; the address stands in the contact, if it is "
        "still there.",
    ),
    Event.FAILED: _of(
        _WARNING,
        f"{_LIFE} step reason",
        "The record is `failed` and waits for an operator; `poisoned` follows.",
    ),
    Event.PAGE_UNAVAILABLE: _of(
        _ERROR,
        "reason",
        "A person opened or pressed a link and was asked to do it again later.",
        "Look at the storage account. It ends by itself when storage is back.",
    ),
    Event.WAITING: _of(
        _INFO, f"{_LIFE} queue seconds reason", "It is not its turn yet; nothing failed."
    ),
    Event.POSTPONED: _of(
        _WARNING,
        f"{_LIFE} queue seconds attempt reason",
        "Something failed for now and is tried again after `seconds`.",
    ),
    Event.POISONED: _of(
        _ERROR,
        f"{_LIFE} queue reason",
        "A message failed for good and was put into its queue's poison queue.",
        _REPLAY,
    ),
    Event.POISON_WAITING: _of(
        _ERROR,
        "queue count oldest age registrations reasons",
        "Messages wait in a poison queue; said when one is new, and hourly.",
        "`doi poison list`, mend what `reasons` name, `doi poison replay`.",
    ),
    Event.QUEUE_UNSEEN: _of(
        _WARNING, "queue reason", "Storage did not show a queue to the watch; asked again soon."
    ),
    Event.QUEUE_DEPTH: _of(
        _INFO, "queues", "Each minute, also when nothing waits: the watch is alive."
    ),
    Event.COUNTS_NOT_WRITTEN: _of(
        _WARNING,
        "reason",
        "The funnel's counts could not be written; tried again soon. Registrations are not "
        "touched by it.",
    ),
    Event.COUNTS_NOT_TIDIED: _of(
        _WARNING, "reason", "Old rows of the funnel were not folded; the next night goes on."
    ),
    Event.FORM_OVER_CEILING: _of(
        _ERROR,
        f"{_LIFE} registrations_today ceiling",
        "A form had more sign-ups today than expected; nobody is stopped.",
        "A campaign: raise `dailyCeiling`. An attack: ask for proof of work, block it in front.",
    ),
    Event.SOURCE_THROTTLED: _of(
        _WARNING,
        "network seconds",
        "A network used up its hour and is mailed slowly; once an hour for each process.",
    ),
    Event.MAIL_THROTTLED: _of(
        _WARNING,
        "provider seconds",
        "The mail provider answered 429; `seconds` is the wait it asked for.",
    ),
    Event.MAIL_PROVIDER_RESTS: _of(
        _WARNING,
        "provider cause seconds reason",
        "The mail provider is left alone for a while; mails wait, or the second provider sends.",
    ),
    Event.MAIL_PROVIDER_SWITCHED: _of(
        (Level.INFO, Level.ERROR),
        "provider instead_of",
        "`provider` sends from now on: the second one (ERROR), or the first again (INFO).",
        "Find out why the first provider fails: `mail_provider_rests` has the reason.",
    ),
    Event.FORM_SKIPPED: _of(
        _ERROR,
        "file pointer reason",
        "A form's file has a mistake and was left out (`DOI_BROKEN_FORMS` is `skip`).",
        "Mend the file and deploy again.",
    ),
    Event.UNKNOWN_SETTING: _of(
        _WARNING,
        "setting",
        "A setting is named like one of this app's, and is none: look for a typing error.",
    ),
    Event.ORIGINS_FORGOTTEN: _of(
        _INFO,
        "days",
        "The keys of so many days were deleted: network addresses and browsers of those days "
        "cannot be read any more.",
    ),
    Event.ORIGINS_NOT_FORGOTTEN: _of(
        _WARNING,
        "reason",
        "The keys of old days were not deleted; the next night does it. The app opens nothing "
        "with them meanwhile.",
    ),
    Event.DOCTOR_FAILED: _of(
        _ERROR,
        "reason",
        "A check of the doctor broke off; `reason` says where.",
        "Report it: it is a fault of the doctor, not of what it looked at.",
    ),
    Event.LINKEDIN_CALL: _of(
        (Level.INFO, Level.WARNING),
        "method call status li_uuid li_fabric li_request_id",
        "LinkedIn's API was called; WARNING when it refused.",
    ),
    Event.LINKEDIN_IGNORED: _of(_INFO, "type", "LinkedIn notified of something else than a lead."),
    Event.LINKEDIN_REFUSED: _of(
        _WARNING, "reason", "Somebody called the webhook who is not LinkedIn."
    ),
    Event.LINKEDIN_SIGNATURE: _of(
        _INFO, "variant", "LinkedIn signed its notification in an unusual writing."
    ),
    Event.LINKEDIN_UNAVAILABLE: _of(
        _ERROR,
        "reason",
        "The queue did not take a notification: LinkedIn got 503, and may call again.",
        "Look at the storage account. What LinkedIn does not repeat, reconciliation finds.",
    ),
    Event.LINKEDIN_UNREADABLE: _of(
        _ERROR,
        "reason",
        "A signed notification is not as documented; `reason` says where.",
        "Report it. Reconciliation finds the lead.",
    ),
    Event.LINKEDIN_LISTING_GOES_ON: _of(
        _INFO,
        "owner lead_type reached",
        "The time of a run was over before all leads were listed: the next one goes on there.",
    ),
    Event.LINKEDIN_NOT_RECONCILED: _of(
        (Level.WARNING, Level.ERROR),
        "owner lead_type reason",
        "Leads could not be listed: for now (WARNING), or until somebody mends it (ERROR).",
        "`doi linkedin doctor` names role, permission, version or sign-in that is missing.",
    ),
    Event.LINKEDIN_SIGN_IN_DUE: _of(
        _ERROR,
        "until reason",
        "Somebody has to sign in at LinkedIn again before the day `until`; each day, from 30 days "
        "before. `reason`: LinkedIn no longer renews the access token, or nobody is signed in.",
        "`doi linkedin authorize`.",
    ),
    Event.LINKEDIN_SIGN_IN_UNSEEN: _of(
        _WARNING,
        "reason",
        "It is not known until when the sign-in lasts; looked at again the next day.",
    ),
    Event.LINKEDIN_VERSION_DUE: _of(
        _ERROR,
        "until version",
        "LinkedIn switches its API's `version` off on the day `until`.",
        "Set `LINKEDIN_VERSION` to a newer one, after `doi linkedin doctor`.",
    ),
    Event.LEAD_ACTION_UNKNOWN: _of(
        _ERROR,
        "registration source",
        "LinkedIn notified of something that it does not document.",
        "Look at the lead in Campaign Manager.",
    ),
    Event.LEAD_ANNOUNCED: _of(
        _INFO, "registration source action", "LinkedIn notified of a lead, or of its deletion."
    ),
    Event.LEAD_DELETED: _of(
        _INFO, "registration source", "LinkedIn deleted a lead: what comes late of it ends here."
    ),
    Event.LEAD_DELETED_AFTER_CONFIRMATION: _of(
        _ERROR,
        _LIFE,
        "LinkedIn deleted a lead whose person has confirmed: the evidence stays.",
        "Withdraw the consent in Dataverse if that is what the person wants.",
    ),
    Event.LEAD_GIVEN_UP: _of(
        _WARNING,
        f"{_LIFE} reason",
        "A lead was parked for 400 days, and LinkedIn has it no longer: its row was deleted.",
    ),
    Event.LEAD_KNOWN: _of(_INFO, f"{_LIFE} state", "A lead came once more; nothing to do."),
    Event.LEAD_PARKED: _of(
        _ERROR,
        f"{_LIFE} lead_form reason",
        "A lead cannot become a registration until somebody mends the cause.",
        "Mend what `reason` names (docs/linkedin.md), then `doi linkedin leads retry`.",
    ),
    Event.LEAD_RECORD_REMOVED: _of(
        _INFO, _LIFE, "The unconfirmed record of a deleted lead was removed."
    ),
    Event.LEAD_ROW_DAMAGED: _of(
        _ERROR,
        "lead",
        "A row of table `leads` cannot be read; it stays.",
        "Look at the row whose PartitionKey is `lead`; delete it if it is nobody's.",
    ),
    Event.LEAD_TEST: _of(_INFO, "registration source", "A test lead: nobody is mailed."),
    Event.LEADS_NOT_TIDIED: _of(
        _WARNING, "reason", "Rows of leads were not looked through; the next night goes on."
    ),
    Event.LEADS_RECONCILED: _of(
        _WARNING,
        "leads owner lead_type",
        "So many leads had no notification: now and then is normal, always means that the "
        "webhook is blocked.",
    ),
    Event.LEADS_TIDIED: _of(
        _INFO, "leads", "Rows of leads that nobody will ask about again were deleted."
    ),
}
