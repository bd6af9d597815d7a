metadata description = 'The Key Vault with the app\'s secrets, and the log of who read them.'

@description('Region of the vault.')
param location string

@description('Tags of the vault.')
param tags object

@description('Name of the vault.')
param name string

@description('Whether a deleted vault of this name is brought back, with the secrets that it had.')
param recover bool

@description('Id of the Log Analytics workspace that takes the audit log.')
param workspaceId string

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' = {
  // checkov:skip=CKV_AZURE_109:Key Vault references of a Flex Consumption app cannot resolve against a vault behind a firewall
  // checkov:skip=CKV_AZURE_189:likewise; who may read is decided by roles alone
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    createMode: recover ? 'recover' : 'default'
    enableRbacAuthorization: true
    // The pepper must survive a slip: what is deleted can be brought back for 90 days, by nobody purged.
    enableSoftDelete: true
    softDeleteRetentionInDays: 90
    enablePurgeProtection: true
    publicNetworkAccess: 'Enabled'
  }
}

resource auditLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        categoryGroup: 'audit'
        enabled: true
      }
    ]
  }
}

@description('Name of the vault.')
output name string = vault.name
