"""What the PDF says: the evidence of one address in words for somebody who knows no software."""

from collections.abc import Iterator, Mapping

from cli.evidence.account_grounds import grounds
from cli.evidence.account_registration import registration
from cli.evidence.document import Evidence
from cli.evidence.paper import Block, Facts, Grid, Heading, Paper, Paragraph
from cli.evidence.readable_mail import ReadableMail
from cli.evidence.wording import Wording, wording


def account_of(evidence: Evidence, files: Mapping[str, bytes]) -> Paper:
    """The document about the evidence; `files` are those of the bundle that lie beside it."""
    words = wording(evidence.language)
    made = words.time(evidence.made_at)
    return Paper(
        title=words("title"),
        subtitle=evidence.address,
        footer=words("footer", address=evidence.address, made=made),
        page=words.sentences["footer.page"],
        language=evidence.language,
        blocks=tuple(_blocks(evidence, files, words)),
    )


def _blocks(evidence: Evidence, files: Mapping[str, bytes], words: Wording) -> Iterator[Block]:
    url = evidence.installation.url
    yield Paragraph(words("introduction", url=url, address=evidence.address))
    yield Paragraph(words("introduction.double_opt_in"))
    yield Paragraph(words("utc"))
    if evidence.registrations:
        yield Heading(text=words("short"))
        yield _short(evidence, words)
    for number, one in enumerate(evidence.registrations, start=1):
        mails = {each.file: ReadableMail.of(files[each.file]) for each in one.mails if each.file}
        yield Heading(text=words("registration", number=number, form=one.form), level=1)
        yield from registration(one, mails, words)
    if evidence.erased:
        yield from _erased(evidence, words)
    yield from grounds(evidence, files, words)


def _short(evidence: Evidence, words: Wording) -> Grid:
    columns = ("chain.number", "short.form", "short.asked", "short.confirmed", "short.withdrawn")
    rows = []
    for number, one in enumerate(evidence.registrations, start=1):
        confirmed = one.confirmation and one.confirmation.at
        withdrawn = one.withdrawals[-1].at if one.withdrawals else None
        times = [words.time(at) if at else words("short.no") for at in (confirmed, withdrawn)]
        asked = (one.lead and one.lead.submitted_at) or one.asked_at
        rows.append((str(number), one.form, words.time(asked), *times))
    titles = tuple(words(name) for name in columns)
    return Grid(columns=titles, widths=(8, 30, 44, 44, 44), rows=tuple(rows))


def _erased(evidence: Evidence, words: Wording) -> Iterator[Block]:
    yield Heading(text=words("erased"), level=1)
    yield Paragraph(words("erased.introduction"))
    for one in evidence.erased:
        rows = {
            "erased.registration": one.registration_id,
            "request.form": one.form,
            "request.at": words.time(one.asked_at),
            "confirmation.at": words.time(one.confirmed_at) if one.confirmed_at else None,
            "erased.at": words.time(one.erased_at),
            "erased.until": words.time(one.until),
        }
        yield Facts.of(
            {words(name): value for name, value in rows.items()},
            exact={words("erased.address"): one.address},
        )
