metadata description = 'The storage account with everything that the app and its host keep in it.'

@description('Region of the account.')
param location string

@description('Tags of the account.')
param tags object

@description('Name of the account.')
param name string

@description('How storage is replicated.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GRS'
  'Standard_GZRS'
])
param skuName string

@description('Whether only private endpoints may reach the account.')
param privateOnly bool

@description('Public IPv4 addresses or ranges that may reach the account although it is private.')
param allowedIpAddresses array

// Each has a queue `…-poison` beside it, where messages wait for an operator.
var queueNames = [
  'registrations'
  'promotions'
  'follow-ups'
  'linkedin-leads'
  'mail-reports'
]
var tableNames = [
  'registrations'
  'originkeys'
  'limits'
  'leads'
  'funnel'
  'mailframes'
]
var deploymentContainerName = 'app-package'
var ipRules = [for address in allowedIpAddresses: {
  value: address
  action: 'Allow'
}]

resource account 'Microsoft.Storage/storageAccounts@2025-06-01' = {
  // checkov:skip=CKV_AZURE_35:the parameter vnetEnabled decides; without it roles alone decide who may read
  // checkov:skip=CKV_AZURE_206:the parameter storageSkuName decides, since not every region has zones or a partner
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: skuName
  }
  properties: {
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    supportsHttpsTrafficOnly: true
    minimumTlsVersion: 'TLS1_2'
    accessTier: 'Hot'
    publicNetworkAccess: privateOnly && empty(allowedIpAddresses) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: privateOnly ? 'Deny' : 'Allow'
      bypass: 'None'
      ipRules: ipRules
    }
  }
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [for queueName in queueNames: {
  parent: queueService
  name: queueName
}]

resource poisonQueues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-06-01' = [for queueName in queueNames: {
  parent: queueService
  name: '${queueName}-poison'
}]

resource tableService 'Microsoft.Storage/storageAccounts/tableServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource tables 'Microsoft.Storage/storageAccounts/tableServices/tables@2025-06-01' = [for tableName in tableNames: {
  parent: tableService
  name: tableName
}]

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2025-06-01' = {
  parent: account
  name: 'default'
}

resource deploymentContainer 'Microsoft.Storage/storageAccounts/blobServices/containers@2025-06-01' = {
  parent: blobService
  name: deploymentContainerName
  properties: {
    publicAccess: 'None'
  }
}

@description('Name of the account.')
output name string = account.name

@description('Id of the account.')
output id string = account.id

@description('Blob endpoint, without a slash at its end.')
output blobUrl string = 'https://${account.name}.blob.${environment().suffixes.storage}'

@description('Queue endpoint, without a slash at its end.')
output queueUrl string = 'https://${account.name}.queue.${environment().suffixes.storage}'

@description('Table endpoint, without a slash at its end.')
output tableUrl string = 'https://${account.name}.table.${environment().suffixes.storage}'

@description('Container that the app\'s package is deployed to.')
output deploymentContainerName string = deploymentContainer.name
