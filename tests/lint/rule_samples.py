"""For each rule: mails that it refuses, and near misses that it lets pass."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cli.lint.composed import ComposedMail
from cli.lint.sample import ADDRESS, Origin
from shared.texts.catalogue import catalogue
from tests.examples import WEBSITE
from tests.lint.mails import (
    clean,
    confirm_url,
    decline_url,
    instead_of,
    mail_of,
    on_the_wire,
    saying,
    sent,
    with_headers,
    with_html,
    with_imprint,
    with_style,
    with_subject,
    with_text,
    without,
)
from tests.words.samples import PUBLIC_URL, form_in

Make = Callable[[], ComposedMail]
EN = catalogue("en").mail
PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
GHOST = "https://ghost.example/x"


@dataclass(frozen=True, kw_only=True)
class Samples:
    """Mails by what is special about them."""

    refused: Mapping[str, Make]
    let_pass: Mapping[str, Make]


def consented() -> str:
    """The declaration that the clean mail repeats."""
    return clean().record.consents[0].text


def asked() -> str:
    """The sentence that says when and where."""
    return next(line for line in clean().mail.text.split("\n") if "09" in line or "9:42" in line)


def with_consent(text: str) -> ComposedMail:
    """A form whose one declaration is this."""
    form = form_in("en")
    consent = form.consents[0].model_copy(update={"text": {"en": text}})
    return mail_of(form.model_copy(update={"consents": (consent,)}))


def named(name: str) -> ComposedMail:
    """A sender's name."""
    return sent(clean(), sender_name=name)


def sent_by(address: str) -> ComposedMail:
    """A form's sender."""
    form = form_in("en")
    texts = form.mail.model_copy(update={"sender": address})
    return mail_of(form.model_copy(update={"mail": texts}))


def at_home(public_url: str) -> ComposedMail:
    """The clean mail of an app that believes to live elsewhere."""
    return replace(clean(), public_url=public_url)


SAMPLES: Mapping[str, Samples] = {
    "advertising-words": Samples(
        refused={
            "a form's sentence": lambda: saying("Buy now and confirm later."),
            "a compound": lambda: saying("Bestätigen Sie Ihren Sommerrabattcode.", "de"),
            "the subject": lambda: with_subject("Please confirm: 3 special offers"),
            "the sender": lambda: named("Contoso Discounts"),
            "the imprint": lambda: with_imprint("Contoso Ltd, Street 1, a@b.example. Follow us"),
            "English in another language": lambda: saying("Black Friday. Bitte bestätigen.", "de"),
            "capitals and fancy letters": lambda: saying(
                "Your \U0001d5d9\U0001d5e5\U0001d5d8\U0001d5d8 paper."
            ),
            "an invisible hyphen": lambda: saying("Your dis\u00adcount. Please confirm."),
            "an image's description": lambda: with_html('<b title="Shop now">.</b>'),
            "the template alone": lambda: with_html("<p>Shop now</p>"),
            "free of charge, nothing legal": lambda: saying("It is free of charge. Confirm."),
        },
        let_pass={
            "the consent": lambda: with_consent("Send me special offers. I can withdraw this."),
            "the company's name": lambda: with_imprint(
                "Special Offers Ltd, Street 1, a@b.example", name="Special Offers"
            ),
            "a legal sentence": lambda: saying("You can withdraw it free of charge. Confirm."),
            "part of a word": lambda: saying("Please confirm to Freedman and Discountenance AG."),
            "a safe phrase": lambda: saying("Please confirm the Free State of Saxony's letter."),
            "an allowed name": lambda: replace(
                saying("Please confirm the Bargain Letter."), allowed_words=("Bargain Letter",)
            ),
        },
    ),
    "price": Samples(
        refused={
            "per cent": lambda: saying("Please confirm your 20 %."),
            "euros": lambda: saying("Please confirm, for 9,99 €."),
            "dollars": lambda: saying("Please confirm, for $5 only."),
            "in words": lambda: saying("Bitte bestätigen: 10 Prozent.", "de"),
        },
        let_pass={
            "a company's capital": lambda: with_imprint(
                "Contoso SAS au capital de 50 000 €, 1 rue A, a@b.example"
            ),
            "the consent": lambda: with_consent("Send me the price list of up to 10 % off."),
            "a number": lambda: saying("Please confirm seat 20 of 50."),
        },
    ),
    "slogan": Samples(
        refused={
            "a partner": lambda: saying("Contoso, your partner for consent. Please confirm."),
            "the imprint": lambda: with_imprint(
                "Contoso GmbH, Straße 1, a@b.example. Der führende Anbieter.", "de"
            ),
            "the sender": lambda: named("Contoso | simply better"),
        },
        let_pass={
            "a number in an address": lambda: with_imprint("Contoso, No. 1 Quay, a@b.example"),
            "a partner of the law": lambda: with_imprint("A & Partner, Street 1, a@b.example"),
        },
    ),
    "welcome": Samples(
        refused={
            "as at Stendal": lambda: saying("Welcome to Contoso. Please confirm."),
            "English in German": lambda: saying("Welcome to Contoso. Bitte bestätigen.", "de"),
            "in German": lambda: saying("Herzlich willkommen. Bitte bestätigen.", "de"),
        },
        let_pass={"a name with it": lambda: saying("Please confirm the Welcombe letter.")},
    ),
    "contact-invitation": Samples(
        refused={
            "as at Stendal": lambda: saying(
                "Bitte bestätigen. Hast du Fragen zum Newsletter? Kontaktiere uns.", "de"
            ),
            "a question": lambda: saying("Please confirm. Any questions? Write to us."),
        },
        let_pass={
            "the imprint's address": lambda: with_imprint(
                "Contoso Ltd, Street 1. Contact: privacy@contoso.example"
            ),
        },
    ),
    "urgency": Samples(
        refused={
            "now": lambda: saying("Please confirm now."),
            "the last chance": lambda: saying("Letzte Chance: Bitte bestätigen.", "de"),
        },
        let_pass={
            "until when": lambda: saying("Please confirm; the link is valid for a limited time."),
            "knowledge": lambda: saying("Please confirm what you know."),
        },
    ),
    "exclamation": Samples(
        refused={
            "a mark": lambda: saying("Please confirm!"),
            "a Spanish one": lambda: saying("¡Confirme", "es"),
            "in the subject": lambda: with_subject("Please confirm!"),
            "capitals": lambda: saying("Please CONFIRM YOUR sign-up."),
            "a pictograph": lambda: saying("Please confirm \N{PARTY POPPER}."),
        },
        let_pass={
            "the company's name": lambda: saying("Please confirm Yay!", name="Yay!"),
            "one abbreviation": lambda: saying("Please confirm the GDPR letter."),
            "a register": lambda: with_imprint("Contoso, AG BERLIN HRB CONTOSO 1, a@b.example"),
            "a trademark": lambda: saying("Please confirm the Contoso® letter."),
        },
    ),
    "word-list": Samples(
        refused={"a language of nobody's list": lambda: replace(clean(), words=None)},
        let_pass={"a region of a language": lambda: clean("de-AT")},
    ),
    "subject-purpose": Samples(
        refused={"news": lambda: with_subject("Your newsletter")},
        let_pass={
            "another form of the word": lambda: with_subject("Confirmation of your sign-up"),
            "no list to look in": lambda: replace(with_subject("نص"), words=None),
        },
    ),
    "subject-reply": Samples(
        refused={
            "Re": lambda: with_subject("Re: Please confirm"),
            "AW": lambda: with_subject("AW: Bitte bestätigen"),
            "Fwd": lambda: with_subject("fwd : Please confirm"),
        },
        let_pass={"a word with it": lambda: with_subject("Registration: please confirm")},
    ),
    "subject-symbols": Samples(
        refused={
            "an emoji": lambda: with_subject("Please confirm \N{WRAPPED PRESENT}"),
            "a star": lambda: with_subject("\N{BLACK STAR} Please confirm"),
        },
        let_pass={"a trademark": lambda: with_subject("Please confirm Contoso® ½ “news”")},
    ),
    "subject-length": Samples(
        refused={"79": lambda: with_subject("x" * 79)},
        let_pass={"78": lambda: with_subject("x" * 78)},
    ),
    "strangers-text": Samples(
        refused={
            "a name in a greeting": lambda: with_html("<p>Dear zq7vex-firstname</p>"),
            "another case": lambda: with_html("<p>ZQ7VEX-LastName</p>"),
            "the address": lambda: with_html(f"<p>For {ADDRESS}</p>"),
            "the address in a link": lambda: with_html(
                f'<a href="{GHOST}?m={ADDRESS.replace("@", "%40")}">x</a>'
            ),
            "the page": lambda: with_text("Someone", "On https://zq7vex-page.example/ someone"),
            "the campaign in a header": lambda: with_headers(X_Campaign="zq7vex-campaign"),
            "the network": lambda: with_html("<!-- 203.0.113.77 -->"),
            "the subject": lambda: with_subject("zq7vex-firstname, please confirm"),
        },
        let_pass={
            "the recipient's header": clean,
            "a lead, whose texts are LinkedIn's": lambda: clean(origin=Origin.LINKEDIN),
        },
    ),
    "greeting-by-name": Samples(
        refused={
            "a place for a name": lambda: saying("Hello {firstName}, please confirm."),
            "in German": lambda: saying("Sehr geehrte Frau [NACHNAME], bitte bestätigen.", "de"),
            "a name that somebody typed": lambda: with_html("<p>Dear zq7vex-firstname,</p>"),
        },
        let_pass={
            "to nobody": lambda: saying("Hello, please confirm."),
            "ladies and gentlemen": lambda: saying(
                "Sehr geehrte Damen und Herren, bitte bestätigen.", "de"
            ),
            "no greeting": lambda: saying("Please confirm {it}."),
        },
    ),
    "placeholder": Samples(
        refused={
            "braces": lambda: saying("Please confirm, {firstName}."),
            "two braces": lambda: saying("Please confirm, {{ contact.firstname | default }}."),
            "brackets": lambda: saying("Please confirm, [[name]] or [VORNAME]."),
            "per cent": lambda: saying("Please confirm, %%name%%."),
            "Mailchimp's": lambda: saying("Please confirm, *|FNAME|*."),
            "the subject": lambda: with_subject("{name}, please confirm"),
        },
        let_pass={
            "the consent": lambda: with_consent("I agree to {limit} letters."),
            "a remark in brackets": lambda: saying("Please confirm [here]."),
        },
    ),
    "image": Samples(
        refused={
            "remote": lambda: with_html('<img src="https://contoso.example/hero.png" alt="">'),
            "in the mail": lambda: with_html('<img src="cid:hero" alt="A hero">'),
            "in the page": lambda: with_html(f'<img src="{PIXEL}" alt="">'),
            "drawn": lambda: with_html('<svg viewBox="0 0 1 1"><path d="M0 0"/></svg>'),
            "Outlook's": lambda: with_html('<v:rect fill="t"></v:rect>'),
            "a background": lambda: with_html('<table background="bg.png"></table>'),
            "a background in CSS": lambda: with_html('<p style="background:#fff url(a.png)">x</p>'),
            "in the style sheet": lambda: with_style("p{list-style-image:url('a.png')}"),
            "a button of a form": lambda: with_html('<input type="image" src="a.png">'),
        },
        let_pass={
            "a colour": lambda: with_html('<p style="background:#fff">x</p>'),
            "the logo": lambda: with_html('<img src="cid:logo" alt="Contoso">'),
            "the word": lambda: with_html("<p>img background url(</p>"),
        },
    ),
    "logo": Samples(
        refused={
            "attached": lambda: with_html('<img src="cid:logo" alt="Contoso logo">'),
            "in the page": lambda: with_html(f'<img src="{PIXEL}" alt="contoso">'),
        },
        let_pass={"the name in letters": lambda: with_html("<p>Contoso</p>")},
    ),
    "tracking-pixel": Samples(
        refused={
            "remote": lambda: with_html(f'<img src="{GHOST}.gif">'),
            "without a scheme": lambda: with_html('<img src="//ghost.example/x.gif">'),
            "tiny": lambda: with_html('<img src="cid:dot" width="1" height="1">'),
            "tiny by style": lambda: with_html('<img src="cid:dot" style="width:0px">'),
        },
        let_pass={
            "the logo": lambda: with_html('<img src="cid:logo" alt="Contoso" width="120">'),
        },
    ),
    "external-content": Samples(
        refused={
            "a style sheet": lambda: with_html('<link rel="stylesheet" href="https://a.example/">'),
            "imported": lambda: with_style("@import 'https://a.example/x.css';"),
            "a font": lambda: with_style("@font-face{src:url(https://a.example/f.woff)}"),
            "a frame": lambda: with_html('<iframe src="https://a.example/"></iframe>'),
            "a film": lambda: with_html("<video></video>"),
            "another page": lambda: with_html('<meta http-equiv="Refresh" content="0;url=x">'),
            "by an attribute": lambda: with_html('<p style="cursor:url(x.cur)">x</p>'),
        },
        let_pass={"a style of its own": lambda: with_style("p{margin:0}")},
    ),
    "script": Samples(
        refused={
            "a script": lambda: with_html("<script>1</script>"),
            "on loading": lambda: with_html('<p onload="1">x</p>'),
            "behind a link": lambda: with_html('<a href=" JavaScript:1">x</a>'),
        },
        let_pass={
            "the word": lambda: with_html("<p>javascript: onload</p>"),
            "a link": lambda: with_html('<a href="https://a.example/javascript:1">x</a>'),
        },
    ),
    "form-element": Samples(
        refused={
            "a form": lambda: with_html('<form action="/x"></form>'),
            "a button": lambda: with_html("<button>Confirm</button>"),
            "a box": lambda: with_html('<input type="checkbox">'),
        },
        let_pass={"a link like a button": clean},
    ),
    "hidden-text": Samples(
        refused={
            "display": lambda: with_html('<p style="display:none">Preview</p>'),
            "important": lambda: with_html('<p style="DISPLAY: none !important">Preview</p>'),
            "visibility": lambda: with_html('<p style="visibility:hidden">Preview</p>'),
            "the attribute": lambda: with_html("<p hidden>Preview</p>"),
            "Outlook's": lambda: with_html('<p style="mso-hide:all">Preview</p>'),
            "tiny letters": lambda: with_html('<p style="font-size:1px">Preview</p>'),
            "see-through": lambda: with_html('<p style="opacity:0">Preview</p>'),
            "no height": lambda: with_html('<p style="max-height:0;overflow:hidden">Preview</p>'),
            "off the screen": lambda: with_html('<p style="text-indent:-9999px">Preview</p>'),
            "white on white": lambda: with_html('<p style="color:#fff;background:#fff">Hi</p>'),
            "around it": lambda: with_html('<div style="display:none"><p>Preview</p></div>'),
            "a style sheet": lambda: with_style("@media print {.x{display:none}}"),
            "a comment for Outlook": lambda: with_html("<!--[if mso]><p>Buy</p><![endif]-->"),
        },
        let_pass={
            "an empty gap": lambda: with_html('<td style="font-size:0;line-height:0"> </td>'),
            "small letters": lambda: with_html('<p style="font-size:0.875em">Imprint</p>'),
            "white on blue": lambda: with_html('<p style="color:#fff;background:#00f">Hi</p>'),
            "a comment": lambda: with_html("<!-- a table for Outlook -->"),
            "a comment for Outlook without words": lambda: with_html(
                "<!--[if mso]><table><tr><td><![endif]-->"
            ),
        },
    ),
    "confirm-link": Samples(
        refused={
            "none in the text part": lambda: with_text(confirm_url(), ""),
            "none at all": lambda: without(confirm_url()),
            "two": lambda: with_html(f'<a href="{confirm_url()}">Confirm</a>'),
        },
        let_pass={"another kind of mail": lambda: clean("fr", Origin.LINKEDIN)},
    ),
    "decline-link": Samples(
        refused={
            "none in the text part": lambda: with_text(decline_url(), ""),
            "none at all": lambda: without(decline_url()),
        },
        let_pass={"none to confirm": lambda: without(confirm_url())},
    ),
    "link-origin": Samples(
        refused={
            "another address": lambda: instead_of(PUBLIC_URL, "https://doi.ghost.example"),
            "an address that begins alike": lambda: instead_of(PUBLIC_URL, f"{PUBLIC_URL}.ghost"),
            "no https": lambda: at_home("http://doi.contoso.example"),
            "another path": lambda: instead_of("/api/confirm", "/old/api/confirm"),
        },
        let_pass={
            "on this machine": lambda: replace(
                instead_of(PUBLIC_URL, "http://127.0.0.1:7071"), public_url="http://127.0.0.1:7071"
            ),
        },
    ),
    "extra-link": Samples(
        refused={
            "the shop": lambda: saying(f"Please confirm. {WEBSITE}/shop"),
            "without a scheme": lambda: saying("Please confirm. contoso.example/shop"),
            "in the template": lambda: with_html(f'<a href="{WEBSITE}">Contoso</a>'),
            "in the consent": lambda: with_consent(f"I agree. See {GHOST} and withdraw."),
            "another company's imprint": lambda: with_imprint(
                "Contoso, Street 1, a@b.example, www.ghost.example"
            ),
            "a telephone": lambda: with_html('<a href="tel:+4930123">Call</a>'),
            "a mail to somebody": lambda: with_html('<a href="mailto:x@ghost.example">x</a>'),
        },
        let_pass={
            "the privacy policy": lambda: with_consent(f"I agree. See {WEBSITE}/privacy.html."),
            "the imprint's page": lambda: with_imprint(
                f"Contoso, Street 1, a@b.example, {WEBSITE}/imprint"
            ),
            "where the sign-up was": lambda: saying("Please confirm what www.contoso.example got."),
            "the imprint's address": lambda: sent(
                with_imprint("Contoso, Street 1, a@b.example"),
                html='<a href="mailto:a@b.example">a@b.example</a>',
            ),
            "an address of a mailbox": lambda: saying("Please confirm, says a@ghost.example."),
        },
    ),
    "social-link": Samples(
        refused={
            "a link": lambda: with_html('<a href="https://www.instagram.com/contoso">x</a>'),
            "in words": lambda: saying("Please confirm. facebook.com/contoso"),
            "of a country": lambda: with_html('<a href="https://de.linkedin.com/in/x">x</a>'),
        },
        let_pass={
            "where a lead signed up": lambda: clean(origin=Origin.LINKEDIN),
            "a name that ends alike": lambda: with_html('<a href="https://contosox.com/">x</a>'),
        },
    ),
    "tracking-link": Samples(
        refused={
            "utm": lambda: with_html(f'<a href="{WEBSITE}/?utm_source=doi">x</a>'),
            "a click id": lambda: with_html(f'<a href="{WEBSITE}/?a=1&amp;gclid=2">x</a>'),
            "a shortener": lambda: with_html('<a href="https://bit.ly/x">x</a>'),
            "a redirect": lambda: with_html(
                '<a href="https://a.example/r?to=https%3A%2F%2Fb.example">x</a>'
            ),
            "a click counter": lambda: with_html('<a href="https://click.a.example/x">x</a>'),
            "on our own link": lambda: instead_of(confirm_url(), f"{confirm_url()}&r=7"),
        },
        let_pass={
            "a page of its own": lambda: with_html(f'<a href="{WEBSITE}/?lang=de">x</a>'),
            "a word with it": lambda: with_html('<a href="https://clicking.example/">x</a>'),
        },
    ),
    "text-link": Samples(
        refused={
            "in a sentence": lambda: with_text(confirm_url(), f"here: {confirm_url()}"),
            "broken": lambda: with_text(
                confirm_url(), f"{confirm_url()[:70]}\n{confirm_url()[70:]}"
            ),
            "in brackets": lambda: with_text(decline_url(), f"<{decline_url()}>"),
            "a space behind it": lambda: with_text(decline_url(), f"{decline_url()} "),
        },
        let_pass={"long and whole": lambda: clean("de-AT")},
    ),
    "date-and-time": Samples(
        refused={
            "no sentence": lambda: without(asked()),
            "no time": lambda: instead_of("9:42:38", "morning"),
            "no seconds": lambda: instead_of("9:42:38", "9:42"),
            "no day": lambda: instead_of("March 19, 2026", "Thursday"),
            "no year": lambda: instead_of("March 19, 2026", "March 19"),
            "no zone": lambda: instead_of("(UTC) at", "at"),
            "another time": lambda: instead_of("9:42:38", "9:42:39"),
        },
        let_pass={
            **{
                f"in {language}": lambda language=language: clean(language)  # type: ignore[misc]
                for language in ("en", "de", "fr", "es", "it", "nl")
            },
            "of a lead": lambda: clean("de", Origin.LINKEDIN),
        },
    ),
    "source": Samples(
        refused={
            "no host": lambda: instead_of("www.contoso.example.", "our website."),
            "a lead without LinkedIn": lambda: instead_of(
                "linkedin.com", "us", clean(origin=Origin.LINKEDIN)
            ),
        },
        let_pass={
            "of a lead": lambda: clean(origin=Origin.LINKEDIN),
            "in capitals": lambda: instead_of("www.contoso.example.", "WWW.CONTOSO.EXAMPLE."),
        },
    ),
    "purpose": Samples(
        refused={
            "no word about it": lambda: without(clean().form.mail.text["en"]),
            "no request": lambda: without(EN.to_confirm),
        },
        let_pass={"two paragraphs": lambda: saying("Someone signed up.\n\nPlease confirm.")},
    ),
    "consent-text": Samples(
        refused={
            "no text": lambda: without(consented()),
            "another word": lambda: instead_of(consented(), consented().replace("once", "twice")),
            "in a sentence": lambda: instead_of(consented(), f"You declare: {consented()}"),
            "no consent": lambda: replace(
                clean(), record=clean().record.model_copy(update={"consents": ()})
            ),
        },
        let_pass={
            "two lines": lambda: with_consent("I agree.\nI can withdraw."),
            "letters that HTML escapes": lambda: with_consent('I <agree> & "more".'),
        },
    ),
    "imprint": Samples(
        refused={"none": lambda: without(clean().imprint)},
        let_pass={"several lines": lambda: with_imprint("Contoso\nStreet 1\na@b.example")},
    ),
    "imprint-complete": Samples(
        refused={
            "a name": lambda: with_imprint("Contoso, legal@contoso.example"),
            "no mail": lambda: with_imprint("Contoso, Street 1"),
        },
        let_pass={
            "an address for people": lambda: with_imprint("Contoso, Street 1, info [at] x.example"),
        },
    ),
    "not-me": Samples(
        refused={"none": lambda: without(EN.ignore)},
        let_pass={"another language": lambda: clean("it")},
    ),
    "sender-name": Samples(
        refused={"somebody else": lambda: named("Fabrikam News")},
        let_pass={
            "a word of it": lambda: named("The Contoso newsletter"),
            "none": lambda: sent(clean(), sender_name=None),
            "the company of the imprint": lambda: sent(
                with_imprint("Fabrikam Ltd, Street 1, a@b.example", name="Letters"),
                sender_name="Fabrikam",
            ),
        },
    ),
    "both-parts": Samples(
        refused={
            "more in the text": lambda: with_text("Someone", "Buy nothing.\n\nSomeone"),
            "an empty HTML part": lambda: sent(clean(), html="<p></p>"),
        },
        let_pass={"a reminder's sentence": lambda: clean("nl", Origin.LINKEDIN)},
    ),
    "sendable": Samples(
        refused={"a sender without a domain": lambda: sent_by("news@localhost")},
        let_pass={"an international domain": lambda: sent_by("news@büro.example")},
    ),
    "line-length": Samples(
        refused={
            "a long line": lambda: on_the_wire(
                b"Content-Language: en", b"X-Long: " + b"x" * 991 + b"\r\nContent-Language: en"
            ),
            "a long encoded line": lambda: on_the_wire(b"Someone", b"Some" + b"x" * 9 + b"one"),
        },
        let_pass={
            "998 octets": lambda: on_the_wire(
                b"Content-Language: en", b"X-Long: " + b"x" * 990 + b"\r\nContent-Language: en"
            ),
            "a long text, encoded": lambda: saying("Please confirm. " + "x" * 1500),
        },
    ),
    "survives-the-wire": Samples(
        refused={
            "a line break in a link": lambda: on_the_wire(b"token=3D", b"token=3D\r\n"),
            "a lost character": lambda: on_the_wire(b"token=3D", b"token=3"),
            "no HTML part": lambda: on_the_wire(b"text/html", b"text/enriched"),
        },
        let_pass={
            "letters of every kind": lambda: saying("Bitte bestätigen — €, 日本, \u202fé.", "de"),
        },
    ),
    "attachment": Samples(
        refused={
            "a calendar": lambda: on_the_wire(b"text/html", b"text/calendar"),
            "a file": lambda: on_the_wire(
                b"MIME-Version: 1.0\r\n\r\n",
                b'MIME-Version: 1.0\r\nContent-Disposition: attachment; filename="a.html"\r\n\r\n',
            ),
        },
        let_pass={"both parts": clean},
    ),
    "headers-once": Samples(
        refused={
            "no date": lambda: on_the_wire(b"Date: ", b"X-Date: "),
            "two subjects": lambda: on_the_wire(b"Date: ", b"Subject: x\r\nDate: "),
        },
        let_pass={"two of another": lambda: on_the_wire(b"Date: ", b"X: 1\r\nX: 2\r\nDate: ")},
    ),
    "list-headers": Samples(
        refused={
            "unsubscribe": lambda: with_headers(List_Unsubscribe="<mailto:x@y.example>"),
            "an id": lambda: with_headers(List_Id="news.contoso.example"),
            "bulk": lambda: with_headers(Precedence="bulk"),
            "added on the way": lambda: on_the_wire(b"Date: ", b"List-Help: <x>\r\nDate: "),
        },
        let_pass={"a word with it": lambda: with_headers(X_Listing="1")},
    ),
    "auto-submitted": Samples(
        refused={
            "none": lambda: sent(clean(), headers={}),
            "no": lambda: sent(clean(), headers={"Auto-Submitted": "no"}),
        },
        let_pass={
            "in capitals": lambda: sent(clean(), headers={"auto-submitted": "Auto-Generated"}),
        },
    ),
    "read-receipt": Samples(
        refused={
            "a receipt": lambda: with_headers(Disposition_Notification_To="<x@y.example>"),
            "an old one": lambda: with_headers(Return_Receipt_To="<x@y.example>"),
        },
        let_pass={"a word about it": lambda: with_headers(X_Disposition="none")},
    ),
}
