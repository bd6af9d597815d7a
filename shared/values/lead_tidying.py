"""How far the tidying of table `leads` has come."""

from shared.values.base import Value


class LeadTidying(Value):
    """It goes on after this place of the table; at its beginning where there is none."""

    after: str | None = None
