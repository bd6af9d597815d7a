"""Which subscriptions LinkedIn serves twice, and how their addresses are shown."""

import pytest

from shared.values.linkedin.keyed_urn import AssociatedEntity, Owner
from shared.values.linkedin.subscription import Subscription
from shared.values.linkedin.urns import FormVersion

PAGE = Owner.parse("urn:li:organization:5509810")
FORM, OTHER = FormVersion(form_id=818, version=1), FormVersion(form_id=819, version=1)
EVENT = AssociatedEntity.parse("urn:li:event:123")


def subscription(
    form: FormVersion | None = None,
    entity: AssociatedEntity | None = None,
    lead_type: str = "EVENT",
    webhook: str | None = "https://doi.contoso.example/api/linkedin/webhook",
) -> Subscription:
    return Subscription(
        owner=PAGE,
        lead_type=lead_type,
        versioned_form=form,
        associated_entity=entity,
        webhook=webhook,
    )


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        (subscription(), subscription(), True),
        (subscription(), subscription(FORM), True),
        (subscription(FORM), subscription(entity=EVENT), True),
        (subscription(FORM), subscription(FORM, EVENT), True),
        (subscription(FORM), subscription(OTHER), False),
        (subscription(FORM, EVENT), subscription(OTHER, EVENT), False),
        (subscription(), subscription(lead_type="COMPANY"), False),
    ],
)
def test_two_overlap_where_a_lead_can_match_both(
    one: Subscription, other: Subscription, *, overlap: bool
) -> None:
    assert one.overlaps(other) is other.overlaps(one) is overlap


@pytest.mark.parametrize(
    ("webhook", "shown"),
    [
        (None, None),
        ("https://doi.contoso.example/hook", "https://doi.contoso.example/hook"),
        (
            "https://me:hush@doi.contoso.example/hook?secret=hush%3D&code=hush==&hush",
            "https://doi.contoso.example/hook?secret=…&code=…&…",
        ),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(
    webhook: str | None, shown: str | None
) -> None:
    assert subscription(webhook=webhook).shown_webhook == shown
