"""Who reaches what: with and without the private network, Front Door and an own host name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.infra.deployed import FRONT_DOOR, made, settings_of, site_of

if TYPE_CHECKING:
    from tests.infra.conftest import Deploy


def test_the_private_network_closes_storage_and_leaves_the_vault_open(deployed: Deploy) -> None:
    deployment = deployed(vnetEnabled=True)
    storage = deployment.body("storage.bicep: account")["properties"]
    assert storage["publicNetworkAccess"] == "Disabled"
    assert storage["networkAcls"]["defaultAction"] == "Deny"
    groups = [
        endpoint["properties"]["privateLinkServiceConnections"][0]["properties"]["groupIds"]
        for endpoint in deployment.resources["private-endpoint.bicep: endpoint"]
    ]
    assert groups == [["blob"], ["queue"], ["table"]]
    assert site_of(deployment)["virtualNetworkSubnetId"].endswith("/subnets/app")
    vault = deployment.body("vault.bicep: vault")["properties"]
    assert vault["publicNetworkAccess"] == "Enabled"
    assert not made(deployment, "mail-reports.bicep")
    assert "Delivery reports cannot reach private storage" in str(deployment.outputs["nextSteps"])


def test_operators_reach_private_storage_from_their_addresses(deployed: Deploy) -> None:
    deployment = deployed(vnetEnabled=True, storageAllowedIpAddresses=["203.0.113.7"])
    storage = deployment.body("storage.bicep: account")["properties"]
    assert storage["publicNetworkAccess"] == "Enabled"
    assert storage["networkAcls"]["defaultAction"] == "Deny"
    assert storage["networkAcls"]["ipRules"] == [{"value": "203.0.113.7", "action": "Allow"}]


def test_without_a_network_or_front_door_nothing_of_them_is_made(deployed: Deploy) -> None:
    deployment = deployed()
    for file in ("network.bicep", "private-endpoint.bicep", "front-door.bicep"):
        assert not made(deployment, file)
    site = site_of(deployment)
    assert site["virtualNetworkSubnetId"] is None
    assert site["siteConfig"]["ipSecurityRestrictions"] == []
    assert settings_of(deployment)["DOI_TRUSTED_PROXIES"] == "1"


def test_behind_front_door_the_app_answers_nobody_else(deployed: Deploy) -> None:
    deployment = deployed(**FRONT_DOOR)
    site = site_of(deployment)["siteConfig"]
    (rule,) = site["ipSecurityRestrictions"]
    assert site["ipSecurityRestrictionsDefaultAction"] == "Deny"
    assert (rule["tag"], rule["ipAddress"]) == ("ServiceTag", "AzureFrontDoor.Backend")
    assert rule["headers"] == {"x-azure-fdid": ["10000000-0000-0000-0000-00000000000f"]}
    assert settings_of(deployment)["DOI_TRUSTED_PROXIES"] == "2"
    assert deployment.outputs["publicUrl"] == "https://doi-app.z01.azurefd.net"


def test_front_door_limits_each_address_but_our_own_servers(deployed: Deploy) -> None:
    policy = deployed(**FRONT_DOOR).body("front-door-routes.bicep: policy")
    own, each = policy["properties"]["customRules"]["rules"]
    assert own["matchConditions"][0]["matchValue"] == FRONT_DOOR["unlimitedSources"]
    assert (each["ruleType"], each["rateLimitThreshold"]) == ("RateLimitRule", 100)
    policy = deployed(frontDoorEnabled=True).body("front-door-routes.bicep: policy")
    assert len(policy["properties"]["customRules"]["rules"]) == 1


def test_links_begin_with_the_own_host_name_only_when_it_answers(deployed: Deploy) -> None:
    waiting = deployed(publicHostName="doi.contoso.com")
    ready = deployed(publicHostName="doi.contoso.com", publicHostNameReady=True)
    assert settings_of(waiting)["DOI_PUBLIC_URL"] == "https://doi-app.azurewebsites.net"
    assert "publicHostNameReady = true" in str(waiting.outputs["nextSteps"])
    assert settings_of(ready)["DOI_PUBLIC_URL"] == "https://doi.contoso.com"
