"""The judgments, laws and standards behind the rules. A short list of what each one says.

No substitute for counsel: the linter knows what these have said, not what a court will say.
"""

from cli.lint.rule import Authority

LG_STENDAL = Authority(
    name="LG Stendal, 12.05.2021, 22 S 87/20: logo, 'Welcome to …' and 'Questions? Contact us' "
    "made a confirmation mail advertising",
    url="https://www.happysolutions.de/gewinnspiel-rechtsprechung/"
    "lg-stendal-eine-check-e-mail-muss-absolut-werbefrei-sein/",
)
OLG_DUESSELDORF = Authority(
    name="OLG Düsseldorf, 17.03.2016, I-15 U 64/15: a confirmation mail is allowed as long as it "
    "only clears up whether somebody has consented",
    url="https://www.dr-bahr.com/news/urheberrecht/"
    "check-mail-beim-double-opt-in-verfahren-ist-kein-spam-sondern-erlaubt.html",
)
VWGH = Authority(
    name="VwGH (Austria), 26.06.2013, 2012/03/0089: promotional content that the activation does "
    "not need makes the mail forbidden direct advertising",
    url="https://www.ehlaw.at/der-newsletter-und-das-double-opt-in/",
)
AG_DUESSELDORF = Authority(
    name="AG Düsseldorf, 23 C 3876/13: a date without the time of day proves nothing",
    url="https://www.optivo.com/de/blog/campfire/recht-double-opt-in-stellt-ausdrueckliche-"
    "einwilligung-nur-bei-genauer-dokumentation-sicher",
)
BGH = Authority(
    name="BGH, 10.02.2011, I ZR 164/09: each concrete declaration is documented completely",
    url="https://iww.de/kp/quellenmaterial/id/78827",
)
CSA = Authority(
    name="Certified Senders Alliance, legal team: date, time, source, declaration and request for "
    "confirmation, and nothing promotional",
    url="https://dotmagazine.online/issues/new-directions/sending-commercial-emails",
)
IDENTIFICATION = Authority(
    name="Directive 2000/31/EC, Art. 5: name, postal address and e-mail address of the provider "
    "(Germany: § 5 DDG; Austria: § 5 ECG)",
    url="https://eur-lex.europa.eu/eli/dir/2000/31/oj",
)
CLEAR_SENDER = Authority(
    name="Directive 2002/58/EC, Art. 13(4): no mail that disguises or conceals who sends it "
    "(Germany: § 6 Abs. 2 DDG; Switzerland: Art. 3 Abs. 1 lit. o UWG)",
    url="https://eur-lex.europa.eu/eli/dir/2002/58/oj",
)
TERMINAL_ACCESS = Authority(
    name="Directive 2002/58/EC, Art. 5(3), and GDPR Art. 6(1): nobody is observed reading before "
    "having consented",
    url="https://eur-lex.europa.eu/eli/dir/2002/58/oj",
)
FAIRNESS = Authority(
    name="GDPR Art. 5(1)(a): fair and transparent towards whoever never signed up",
    url="https://eur-lex.europa.eu/eli/reg/2016/679/oj",
)
STRANGERS_TEXTS = Authority(
    name="sign-up forms are abused to send texts to strangers (listmonk, issue 1133)",
    url="https://github.com/knadh/listmonk/issues/1133",
)
BROKEN_LINKS = Authority(
    name="links in plain text mails break where lines are folded (Shopware, issue 2579)",
    url="https://github.com/shopware/shopware/issues/2579",
)
RFC_2045 = Authority(
    name="RFC 2045, section 6.7: what is encoded for the wire comes out unchanged",
    url="https://www.rfc-editor.org/rfc/rfc2045#section-6.7",
)
RFC_2046 = Authority(
    name="RFC 2046, section 5.1.4: the plain text and the HTML say the same",
    url="https://www.rfc-editor.org/rfc/rfc2046#section-5.1.4",
)
RFC_2369 = Authority(
    name="RFC 2369 and RFC 8058: List- headers are for mail of a list, and there is nothing yet "
    "to unsubscribe from",
    url="https://www.rfc-editor.org/rfc/rfc8058",
)
RFC_3834 = Authority(
    name="RFC 3834, section 5: automatic mail says so, and gets no automatic answers",
    url="https://www.rfc-editor.org/rfc/rfc3834#section-5",
)
RFC_5322 = Authority(
    name="RFC 5322, section 2.1.1: 998 characters in a line at most, 78 wherever possible",
    url="https://www.rfc-editor.org/rfc/rfc5322#section-2.1.1",
)
RFC_5322_FIELDS = Authority(
    name="RFC 5322, section 3.6: one Date, one From, at most one of the others",
    url="https://www.rfc-editor.org/rfc/rfc5322#section-3.6",
)
RFC_5322_ADDRESSES = Authority(
    name="RFC 5322, section 3.4.1, and RFC 5321, section 4.1.2: what an address looks like",
    url="https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1",
)
RFC_8098 = Authority(
    name="RFC 8098: a receipt request tells the sender when somebody reads",
    url="https://www.rfc-editor.org/rfc/rfc8098",
)
MAIL_PROGRAMS = Authority(
    name="mail programs remove or block scripts, forms and what is loaded from elsewhere, and "
    "filters count them against the sender",
)
