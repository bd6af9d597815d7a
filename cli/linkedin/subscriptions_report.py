"""How `doi linkedin subscriptions` shows them: without the secret that an address may carry."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from cli.printing import print_json, print_table, say
from shared.values.linkedin.subscription import Subscription


@dataclass(frozen=True, kw_only=True)
class Listed:
    """`overlaps`: ids of those that match some of the same leads. `existed`: nothing was made."""

    subscription: Subscription
    overlaps: tuple[str, ...]
    existed: bool = True

    @classmethod
    def of(cls, one: Subscription, others: Iterable[Subscription], *, existed: bool = True) -> Self:
        """One beside all others, itself among them or not."""
        overlapping = [each for each in others if each.id != one.id and each.overlaps(one)]
        ids = tuple(str(each.id) for each in overlapping)
        return cls(subscription=one, overlaps=ids, existed=existed)


def show_listed(listed: Sequence[Listed], *, as_json: bool) -> None:
    """The JSON is a list."""
    if as_json:
        print_json([_as_json(each) for each in listed])
    elif listed:
        _print(f"subscriptions: {len(listed)}", listed)
    else:
        say("There are no subscriptions: doi linkedin subscriptions create")


def show_created(done: Sequence[Listed], *, as_json: bool) -> None:
    """The JSON is a list; `existed` says that nothing had to be created."""
    if as_json:
        print_json([{**_as_json(each), "existed": each.existed} for each in done])
        return
    for title, existed in (("created", False), ("there already", True)):
        some = [each for each in done if each.existed is existed]
        if some:
            _print(f"{title}: {len(some)}", some)


def show_deleted(id_: int, *, existed: bool, as_json: bool) -> None:
    """The JSON is an object; `existed` says whether LinkedIn still had it."""
    if as_json:
        print_json({"deleted": str(id_), "existed": existed})
    else:
        say(f"Deleted: {id_}" if existed else f"Gone already: {id_}")


def described(subscription: Subscription) -> str:
    """For a question or a note."""
    narrowed = [str(part) for part in _narrowed(subscription) if part]
    parts = [str(subscription.id), subscription.owner.urn, str(subscription.lead_type), *narrowed]
    return f"{' '.join(parts)} → {subscription.shown_webhook or 'address unknown'}"


def _narrowed(subscription: Subscription) -> tuple[str | None, str | None]:
    form, entity = subscription.versioned_form, subscription.associated_entity
    return str(form) if form else None, entity.urn if entity else None


def _print(title: str, listed: Iterable[Listed]) -> None:
    print_table(
        title,
        ("id", "owner", "leads", "only of", "webhook", "overlaps"),
        (
            (
                str(each.subscription.id or "not told"),
                each.subscription.owner.urn,
                each.subscription.lead_type,
                ", ".join(part for part in _narrowed(each.subscription) if part),
                each.subscription.shown_webhook,
                ", ".join(each.overlaps),
            )
            for each in listed
        ),
    )


def _as_json(listed: Listed) -> dict[str, object]:
    one = listed.subscription
    form, entity = _narrowed(one)
    return {
        "id": None if one.id is None else str(one.id),
        "owner": one.owner.urn,
        "leadType": str(one.lead_type),
        "form": form,
        "entity": entity,
        "webhook": one.shown_webhook,
        "overlaps": list(listed.overlaps),
    }
