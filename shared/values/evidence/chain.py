"""The entries of a registration, each bound to the one before, and the signature of the last."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from shared.values.base import Value
from shared.values.evidence.canonical_json import canonical_json
from shared.values.evidence.entry import Entry, EntryKind, Facts

# Says what is signed: no signature for anything else can be taken for one of a chain.
_SIGNED = "headless-double-opt-in evidence 1"


class Chain(Value):
    """Oldest first. `previous` is the hash before the first entry.

    That is the hash of the entry `asked` of the mailbox's registration before this one, or ""
    where there was none. A chain that does not begin with `asked` is of a record that is older
    than the evidence. `signed_by` is the key id of the installation that signed the last hash.
    """

    previous: str = ""
    entries: tuple[Entry, ...] = ()
    signature: str | None = None
    signed_by: str | None = None

    @property
    def head(self) -> str:
        """The hash of the latest sealed entry; `previous` where none is sealed."""
        return next((one.hash for one in reversed(self.entries) if one.hash), self.previous)

    @property
    def asked(self) -> str | None:
        """The hash that the mailbox's next registration builds on; None until it is sealed."""
        first = self.entries[0] if self.entries else None
        return first.hash if first and first.kind is EntryKind.ASKED else None

    @property
    def is_sealed(self) -> bool:
        """Nothing has happened since it was sealed."""
        return all(entry.hash for entry in self.entries)

    def with_entry(self, kind: EntryKind, at: datetime, facts: Facts) -> "Chain":
        """Something happened: to be sealed when it is saved."""
        entry = Entry(kind=kind, at=at, facts=facts)
        return self.model_copy(update={"entries": (*self.entries, entry)})

    def sealed(self, complete: Callable[[Entry], Facts], previous: str = "") -> "Chain":
        """With a hash for each entry that had none, and without a signature if there was any such.

        `complete` gives the facts that an entry is sealed with. `previous` is for a chain that
        begins with `asked` now: any other keeps its own.
        """
        if self.is_sealed:
            return self
        first = self.entries[0]
        begins = first.kind is EntryKind.ASKED and first.hash is None
        chain = self.model_copy(update={"previous": previous}) if begins else self
        head, entries = chain.head, []
        for entry in chain.entries:
            if entry.hash is None:
                full = entry.model_copy(update={"facts": complete(entry)})
                head = full.hash_after(head)
                entries.append(full.model_copy(update={"hash": head}))
            else:
                entries.append(entry)
        changes = {"entries": tuple(entries), "signature": None, "signed_by": None}
        return chain.model_copy(update=changes)

    def signed(self, signature: str, signed_by: str) -> "Chain":
        """With the signature of `statement`, URL-safe Base64, and the id of its key."""
        return self.model_copy(update={"signature": signature, "signed_by": signed_by})

    def statement(self, registration_id: str) -> bytes:
        """What the signature is of: the head, and whose it is."""
        return canonical_json(
            {
                "what": _SIGNED,
                "registration": registration_id,
                "entries": len(self.entries),
                "head": self.head,
            }
        )

    def without_facts(self) -> "Chain":
        """What is left when the person is erased: hashes and signature hold as before."""
        return self.model_copy(
            update={"entries": tuple(entry.without_facts() for entry in self.entries)}
        )


@dataclass(frozen=True, kw_only=True)
class BrokenLink:
    """Where a chain is wrong: the entry's number, counted from 1, its kind, and how."""

    number: int
    kind: EntryKind
    reason: str


def broken_link(chain: Chain) -> BrokenLink | None:
    """The first entry that is not what was sealed; None when all are.

    Whether any is missing at the end shows in the signature only.
    """
    previous = chain.previous
    for number, entry in enumerate(chain.entries, start=1):
        if reason := _fault(entry, previous):
            return BrokenLink(number=number, kind=entry.kind, reason=reason)
        previous = entry.hash or ""
    return None


def _fault(entry: Entry, previous: str) -> str | None:
    if entry.hash is None:
        return "it has no hash"
    if entry.digest is None:
        return "it has neither its facts nor their digest"
    if entry.facts is not None and entry.facts_digest not in {None, entry.digest}:
        return "its facts are not those of its digest"
    if entry.hash != entry.hash_after(previous):
        return "its kind, time, facts or the entry before it are not those that were sealed"
    return None
