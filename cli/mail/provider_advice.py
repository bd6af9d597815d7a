"""What mends a mail that a provider did not take.

The failures' texts have status and code, never an address: shared/adapters/mail_api.py and
mailer_smtp.py write them. Codes are those that the providers document or people report.
"""

import re

from shared.failures import PermanentFailure, TemporaryFailure

# (text of the failure, what to do); the first that fits counts.
_ADVICE = (
    # Azure Communication Services
    # https://learn.microsoft.com/azure/communication-services/quickstarts/email/
    (
        r"^acs: \d+ (?:DomainNotLinked|.*[Dd]omain)",
        (
            "connect the sender's verified domain to the Communication Services resource of "
            "ACS_ENDPOINT (Email, Domains)"
        ),
    ),
    (
        r"^acs: \d+ .*Sender",
        "add the form's sender address (mail.sender) to the domain's MailFrom addresses",
    ),
    (
        r"^acs: (?:401|403) ",
        (
            "give the app's identity the role 'Communication and Email Service Owner' on the "
            "resource of ACS_ENDPOINT; a new role takes some minutes"
        ),
    ),
    (
        r"^acs: .*Suppressed",
        (
            "mails to this mailbox bounced before: take it off the domain's suppression list, or "
            "test with another mailbox of yours"
        ),
    ),
    (
        r"^acs: 404 ",
        "check ACS_ENDPOINT: https://NAME.communication.azure.com",
    ),
    (
        r"^acs: 429 ",
        (
            "the quota is used up (a new resource: 30 mails a minute, 100 an hour): wait, or have "
            "it raised by a support request"
        ),
    ),
    # Microsoft Graph
    # https://learn.microsoft.com/graph/api/user-sendmail
    (
        r"^graph: \d+ (?:ErrorSendAsDenied|ErrorAccessDenied)|^graph: 403 ",
        (
            "give the app's identity the role Mail.Send for the sender's mailbox (RBAC for "
            "Applications in Exchange); it takes effect within two hours"
        ),
    ),
    (
        r"^graph: 401 ",
        "the token was refused: is the identity of this tenant (AZURE_CLIENT_ID)?",
    ),
    (
        r"^graph: (?:404|\d+ ErrorInvalidUser|\d+ MailboxNotEnabled)",
        "the form's sender (mail.sender) has to be a mailbox of the tenant",
    ),
    (
        r"^graph: 429 ",
        "Exchange takes 30 mails a minute from a mailbox: wait a minute",
    ),
    # SMTP: https://www.rfc-editor.org/rfc/rfc4954#section-6, RFC 5321, RFC 3463
    (
        r"^smtp: (?:535|534|454)\b",
        "the login was refused: SMTP_USER and SMTP_PASSWORD (some want an app password)",
    ),
    (
        r"^smtp: 530\b",
        "the server wants TLS or a login: SMTP_TLS, SMTP_USER and SMTP_PASSWORD",
    ),
    (
        r"^smtp: 55\d 5\.1\.[123]\b",
        "the server knows no such mailbox: check the address",
    ),
    (
        r"^smtp: 5\d\d 5\.(?:7\.|1\.[78])|^smtp: (?:550|553|554)",
        (
            "the server does not let this login send as the form's sender (mail.sender), or does "
            "not relay to that domain: its administrator can say which"
        ),
    ),
    (
        r"^smtp: the server's certificate",
        "SMTP_HOST has to be the name in the server's certificate, and its authority known",
    ),
    (
        r"^smtp: the server lacks",
        (
            "choose another SMTP_TLS, or leave SMTP_USER away; an address with letters beyond "
            "ASCII needs a server with SMTPUTF8"
        ),
    ),
    (
        r"^smtp: no answer",
        "check SMTP_HOST, SMTP_PORT and SMTP_TLS, and whether a firewall lets this machine out",
    ),
    (r"^smtp: 4\d\d", "the server asks to come later: try again in some minutes"),
    (
        r"^\w+: no answer",
        "check the endpoint, and whether a firewall or proxy lets this machine out",
    ),
    (
        r"AADSTS65002",
        (
            "the Azure CLI gets no token for Communication Services at all: run it where the "
            "app's identity is, or sign up on the website"
        ),
    ),
    (
        r"no access token",
        "sign in (`az login`, with DOI_CREDENTIAL=azure-cli), or run it where the identity is",
    ),
)


def advice_on(failure: PermanentFailure | TemporaryFailure) -> str:
    """One sentence without a full stop."""
    for pattern, advice in _ADVICE:
        if re.search(pattern, str(failure)):
            return advice
    return "`doi doctor --only mail` looks closer; else look the code up with the provider"
