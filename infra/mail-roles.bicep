metadata description = 'What the app\'s identity may do with Communication Services.'

@description('Id of the app\'s identity.')
param identityId string

@description('Principal id of the app\'s identity.')
param principalId string

@description('Name of the Communication Services resource.')
param communicationServiceName string

@description('Name of the Email Communication Service.')
param emailServiceName string

@description('Ids of built-in roles, by their name in this template.')
param roleIds object

resource communicationService 'Microsoft.Communication/communicationServices@2025-09-01' existing = {
  name: communicationServiceName
}

resource emailService 'Microsoft.Communication/emailServices@2025-09-01' existing = {
  name: emailServiceName
}

// The only built-in role that may send. docs/infrastructure.md says what else it may, and why that is no key.
resource sending 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(communicationService.id, identityId, roleIds.communicationAndEmailServiceOwner)
  scope: communicationService
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.communicationAndEmailServiceOwner)
  }
}

// Reads how far the domain's verification is, for `doi doctor`.
resource domainStates 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(emailService.id, identityId, roleIds.reader)
  scope: emailService
  properties: {
    principalId: principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleIds.reader)
  }
}
