"""What the report says in words, and the table of what went in."""

from textwrap import wrap

from bench.burst import published
from bench.burst.assumed import Calls, People
from bench.burst.raising import GOALS
from bench.burst.words import duration
from local.markdown import table

_WIDTH = 110
_GOALS = ", ".join(f"{name} {duration(seconds)}" for name, (seconds, _) in GOALS.items())

INTRODUCTION = """\
So many people register within ten minutes, evenly: how long until each is mailed, has clicked, is
in Dataverse; how deep the queue gets, what it costs, which limit is reached first, and what to
raise. **Nothing of this was measured in Azure.** It is a simulation (SimPy) of what Azure,
Communication Services, Dataverse and CIJ publish as their limits, with the app's own rules (its
code, where it has no input or output) and its CPU time as measured on the local stack.
`python3 -m bench.capacity` writes this report; the numbers behind it are in `capacity.json`.

Three times are the median, what 95 of 100 do not exceed, and the longest. "Clicked after" is from
the registration to the click and so holds people's own time. A limit *saturates* when it has held
up one in a hundred for more than a second; instances that are starting are left aside there, since
they always come first.
"""
FIRST = f"""\
The templates' defaults, and the quota that Communication Services gives at first:
{published.FIRST_MAILS_A_MINUTE} mails a minute, {published.FIRST_MAILS_AN_HOUR} an hour. A
registration that could not be mailed within its seven days is forgotten, with an alarm
(`never_mailed`). "Told 503 first" counts calls for which the queue had no room within a second: the
website has to ask again. Here they just wait, so their "202 after" says when the last room came.
"""
SETTINGS = """\
Quotas raised by ticket, parameters and `host.json`; no change of code.
"""
STEPS = f"""\
Each step raises what made people wait most behind a goal that was missed. Goals for 95 of 100:
{_GOALS} (from the click). First settings and quotas alone ("today"), then, from the best of these,
with what is planned. "Put back" counts messages that came, found that it was not their turn, and
went back into their queue: of mails and of promotions.
"""
COSTS = """\
List prices of [docs/operations.md](../docs/operations.md#costs), the dearest way of sharing
instances, no free grants, without what runs anyway. A message that is put back costs a run, three
storage operations and a log line.
"""
MODEL = """\
The same model with one instance, this machine's paces and the same arrivals, against what was
measured over HTTP on the local stack ({machine}). Paces come from other runs than the bursts:
everything at once, just before and just after. The machine is shared, so the two differ; the blue
area is between them. "Others" are the cores that meanwhile did something else; it comes in gusts,
which the model does not know, so where there is much of it, measured tails are longer. The rest
follows from the model.
"""
GRAINS = """\
Large bursts are simulated in bundles. A bundle takes as many places as it can use and shares its
time over them, so throughput does not depend on its size; what happens to single people is lost.
"""
ASSUMED = """\
One assumption changed at a time.
"""
NOT_MODELLED = """\
Sources are beside the numbers, in [`burst/published.py`](burst/published.py) and
[`burst/assumed.py`](burst/assumed.py). Not modelled: networks beyond their budget
(`DOI_UNLIMITED_SOURCES` is taken to be set, or everybody to sit in a network of her own), mails
that bounce, pages that ask for the form's description, instances that are taken away while nothing
is to do, triggers that CIJ may drop beyond its limit, the time budget of a click, and Dataverse's
daily entitlement ([scale.md](../docs/scale.md)).
"""


def filled(part: str) -> str:
    """Paragraphs as wide as the other documents; tables, headings and pictures as they are."""
    paragraphs = part.strip().split("\n\n")
    return "\n\n".join(
        one if one.startswith(("|", "#", "!")) else "\n".join(wrap(one, _WIDTH))
        for one in paragraphs
    )


def inputs() -> str:
    """What the model was told, and where from."""
    return table(("what", "value", "where from"), [*_published(), *_assumed()])


def _published() -> list[tuple[str, str, str]]:
    one = published
    window = (
        f"{one.WINDOW_REQUESTS:,} requests and {one.WINDOW_EXECUTION_SECONDS:,.0f} s of work in"
        f" {one.WINDOW_SECONDS:.0f} s, {one.CONCURRENT_REQUESTS} at once"
    )
    return [
        (
            "new instances for a queue function",
            f"{one.INSTANCES_AT_ONCE} at once, every {one.QUEUE_LOOK_SECONDS:g} s",
            "published",
        ),
        (
            "new instances for HTTP",
            f"one every {one.HTTP_INSTANCE_SECONDS:g} s",
            "published for the older plan",
        ),
        (
            "one queue",
            f"{one.QUEUE_PER_SECOND:,} messages a second; put, get and delete count each",
            "published, read carefully",
        ),
        ("one storage account", f"{one.ACCOUNT_PER_SECOND:,} requests a second", "published"),
        (
            "mails at first",
            f"{one.FIRST_MAILS_A_MINUTE} a minute, {one.FIRST_MAILS_AN_HOUR} an hour",
            "published",
        ),
        (
            "mails that a ticket can bring",
            f"{one.MOST_MAILS_AN_HOUR:,} an hour",
            "published",
        ),
        ("Dataverse, each user and web server", window, "published"),
        ("CIJ", f"{one.TRIGGERS_A_MINUTE:,} triggers a minute", "published"),
    ]


def _assumed() -> list[tuple[str, str, str]]:
    people, calls = People(), Calls()
    opens = (
        f"lognormal, median {duration(people.opens_after)},"
        f" \N{GREEK SMALL LETTER SIGMA} {people.opens_spread:g}"
    )
    dataverse = ", ".join(
        duration(each) for each in (calls.look_up, calls.change_set, calls.trigger)
    )
    return [
        (
            "people who confirm",
            f"{people.confirming:.0%}",
            "assumed; mail providers tell of 60 to 80 %",
        ),
        ("until they open the mail", opens, "assumed"),
        ("web servers of the environment", "1", "assumed; at least one, the number is not told"),
        (
            "one storage operation, one mail",
            f"{duration(calls.storage)}, {duration(calls.mail)}",
            "assumed",
        ),
        ("Dataverse: look-up, change set, trigger", dataverse, "assumed"),
        (
            "CPU of each step",
            "as above; 2 GB have one core, as fast as one here",
            "measured, assumed",
        ),
    ]
