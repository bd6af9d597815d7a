"""Every resource type and version that the templates may use.

Each was looked up in Azure's own definitions, https://github.com/Azure/bicep-types-az (20 August
2026), with every property that the templates give it.
"""

KNOWN_TYPES = frozenset(
    {
        "Microsoft.Authorization/roleAssignments@2022-04-01",
        "Microsoft.Cdn/profiles@2025-04-15",
        "Microsoft.Cdn/profiles/afdEndpoints@2025-04-15",
        "Microsoft.Cdn/profiles/afdEndpoints/routes@2025-04-15",
        "Microsoft.Cdn/profiles/customDomains@2025-04-15",
        "Microsoft.Cdn/profiles/originGroups@2025-04-15",
        "Microsoft.Cdn/profiles/originGroups/origins@2025-04-15",
        "Microsoft.Cdn/profiles/securityPolicies@2025-04-15",
        "Microsoft.Communication/communicationServices@2025-09-01",
        "Microsoft.Communication/emailServices@2025-09-01",
        "Microsoft.Communication/emailServices/domains@2025-09-01",
        "Microsoft.Communication/emailServices/domains/senderUsernames@2025-09-01",
        "Microsoft.Consumption/budgets@2024-08-01",
        "Microsoft.EventGrid/systemTopics@2025-02-15",
        "Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15",
        "Microsoft.Insights/actionGroups@2023-01-01",
        "Microsoft.Insights/components@2020-02-02",
        "Microsoft.Insights/diagnosticSettings@2021-05-01-preview",
        "Microsoft.Insights/scheduledQueryRules@2023-12-01",
        "Microsoft.Insights/workbooks@2023-06-01",
        "Microsoft.KeyVault/vaults@2024-11-01",
        "Microsoft.KeyVault/vaults/secrets@2024-11-01",
        "Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30",
        "Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2025-03-01",
        "Microsoft.Network/networkSecurityGroups@2025-05-01",
        "Microsoft.Network/privateDnsZones@2024-06-01",
        "Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01",
        "Microsoft.Network/privateEndpoints@2025-05-01",
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups@2025-05-01",
        "Microsoft.Network/virtualNetworks@2025-05-01",
        "Microsoft.Network/virtualNetworks/subnets@2025-05-01",
        "Microsoft.OperationalInsights/workspaces@2025-07-01",
        "Microsoft.Storage/storageAccounts@2025-06-01",
        "Microsoft.Storage/storageAccounts/blobServices@2025-06-01",
        "Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01",
        "Microsoft.Storage/storageAccounts/queueServices@2025-06-01",
        "Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01",
        "Microsoft.Storage/storageAccounts/tableServices@2025-06-01",
        "Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01",
        "Microsoft.Web/serverfarms@2025-03-01",
        "Microsoft.Web/sites@2025-03-01",
        "Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01",
        "Microsoft.Web/sites/config@2025-03-01",
    }
)
