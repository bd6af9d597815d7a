"""Wrong parameters end a deployment before anything is made, with the sentence that mends it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.infra.bicep_functions import DeploymentFailed

if TYPE_CHECKING:
    from tests.infra.conftest import Deploy


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"mailDomainVerified": True},
            "mailDomainVerified: is true, but mailDomain names no domain",
        ),
        ({"mailFallbackProvider": "acs"}, "mailFallbackProvider: must differ from mailProvider"),
        ({"mailProvider": "graph"}, "mailSender: is needed because mailProvider is not acs"),
        ({"mailFallbackProvider": "smtp"}, "smtpHost: is needed because a mail provider is smtp"),
        ({"publicHostNameReady": True}, "publicHostNameReady: is true, but publicHostName names"),
        ({"linkedInOwners": ["urn:li:organization:1"]}, "linkedInClientId: is needed with"),
        ({"linkedInRefreshTokenInVault": True}, "linkedInClientId: is needed with"),
        ({"budgetStartDate": ""}, "budgetStartDate: is needed with monthlyBudget"),
        ({"alertEmails": []}, "alertEmails: is needed with monthlyBudget"),
        ({"dataverseUrl": "https://contoso.crm4.dynamics.com/"}, "without a slash at its end"),
        ({"dataverseUrl": "http://contoso.crm4.dynamics.com"}, "dataverseUrl: is https://ORG"),
        ({"websiteOrigins": ["https://a.example", "https://b.example/"]}, "websiteOrigins: are"),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, dict) else "",
)
def test_parameters_that_contradict_each_other_are_refused_with_a_sentence(
    deployed: Deploy, changed: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(DeploymentFailed, match=re.escape(sentence)):
        deployed(**changed)


def test_all_mistakes_are_told_at_once(deployed: Deploy) -> None:
    with pytest.raises(DeploymentFailed, match=r"mailFallbackProvider: .* alertEmails: "):
        deployed(mailFallbackProvider="acs", alertEmails=[])


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("location", "germanynorth"),
        ("namePrefix", "much-too-long"),
        ("websiteOrigins", []),
        ("mailProvider", "sendgrid"),
        ("smtpTls", "none"),
        ("logRetentionInDays", 7),
        ("maximumInstanceCount", 0),
    ],
)
def test_a_value_that_is_not_allowed_is_refused(deployed: Deploy, name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"'{name}' is not valid"):
        deployed(**{name: value})
