"""How `doi linkedin leads` shows leads: ids and reasons, never an answer."""

from collections.abc import Sequence

from cli.linkedin.pull import Pulled, Window
from cli.printing import note, print_json, print_table, say
from shared.values.lead_row import LeadRow


def show_pulled(done: Sequence[Pulled], window: Window, *, as_json: bool) -> None:
    """The JSON is an object: the window, and a list with an object for each owner and type."""
    if as_json:
        print_json(
            {
                "since": window.since.isoformat(),
                "until": window.until.isoformat(),
                "sources": [
                    {
                        "owner": each.owner,
                        "leadType": each.lead_type.value,
                        "listed": each.listed,
                        "new": each.new,
                        "unreadable": each.unreadable,
                        "failure": each.failure,
                    }
                    for each in done
                ],
            }
        )
        return
    print_table(
        f"leads since {window.since:%Y-%m-%d %H:%M} UTC",
        ("owner", "leads", "listed", "new", "unreadable"),
        (
            (each.owner, each.lead_type, str(each.listed), str(each.new), str(each.unreadable))
            for each in done
        ),
    )
    for each in done:
        if each.failure:
            note(f"{each.owner} {each.lead_type}: not all of them: {each.failure}")


def show_parked(rows: Sequence[LeadRow], *, as_json: bool) -> None:
    """The JSON is a list."""
    if as_json:
        print_json([_as_json(row) for row in rows])
    elif rows:
        _print(f"parked: {len(rows)}", rows)
        say("Mend the cause, then: doi linkedin leads retry --id LEAD")
    else:
        say("No lead is parked.")


def show_retried(rows: Sequence[LeadRow], *, as_json: bool) -> None:
    """The JSON is an object with one list."""
    if as_json:
        print_json({"retried": [_as_json(row) for row in rows]})
    elif rows:
        _print(f"retried: {len(rows)}", rows)
    else:
        say("No such lead is parked.")


def _print(title: str, rows: Sequence[LeadRow]) -> None:
    print_table(
        title,
        ("lead", "since (UTC)", "lead form", "our form", "why"),
        (
            (row.lead, f"{row.noted_at:%Y-%m-%d %H:%M}", row.form, row.our_form, _why(row))
            for row in rows
        ),
    )


def _why(row: LeadRow) -> str:
    return "\n".join(row.reasons) or "unknown"


def _as_json(row: LeadRow) -> dict[str, object]:
    return {
        "lead": row.lead,
        "registration": row.registration_id,
        "notedAt": row.noted_at.isoformat(),
        "owner": row.owner,
        "leadType": row.lead_type,
        "leadForm": row.form,
        "form": row.our_form,
        "reasons": list(row.reasons),
    }
