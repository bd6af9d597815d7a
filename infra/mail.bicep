metadata description = 'Azure Communication Services for mail: a managed domain for a first try, and your own one.'

@description('Tags of the resources.')
param tags object

@description('Name of the Email Communication Service.')
param emailServiceName string

@description('Name of the Communication Services resource.')
param communicationServiceName string

@description('Where mails are kept at rest.')
param dataLocation string

@description('Your own domain, or nothing to send from a domain that Azure owns.')
param domainName string

@description('Whether your own domain shows as verified. Azure refuses to link one that is not.')
param domainVerified bool

@description('Local parts of further sender addresses of your own domain, as {username, displayName}.')
param senders array

var ownDomain = !empty(domainName)
var sendFromOwnDomain = ownDomain && domainVerified

resource emailService 'Microsoft.Communication/emailServices@2025-09-01' = {
  name: emailServiceName
  location: 'global'
  tags: tags
  properties: {
    dataLocation: dataLocation
  }
}

resource managedDomain 'Microsoft.Communication/emailServices/domains@2025-09-01' = {
  parent: emailService
  name: 'AzureManagedDomain'
  location: 'global'
  tags: tags
  properties: {
    domainManagement: 'AzureManaged'
    // No pixel and no rewritten link in a mail that asks for consent.
    userEngagementTracking: 'Disabled'
  }
}

resource customDomain 'Microsoft.Communication/emailServices/domains@2025-09-01' = if (ownDomain) {
  parent: emailService
  name: ownDomain ? domainName : 'none'
  location: 'global'
  tags: tags
  properties: {
    domainManagement: 'CustomerManaged'
    userEngagementTracking: 'Disabled'
  }
}

resource senderUsernames 'Microsoft.Communication/emailServices/domains/senderUsernames@2025-09-01' = [for sender in senders: if (sendFromOwnDomain) {
  parent: customDomain
  name: sender.username
  properties: {
    username: sender.username
    displayName: sender.displayName
  }
}]

resource communicationService 'Microsoft.Communication/communicationServices@2025-09-01' = {
  name: communicationServiceName
  location: 'global'
  tags: tags
  properties: {
    dataLocation: dataLocation
    disableLocalAuth: true
    linkedDomains: [
      sendFromOwnDomain ? customDomain.id : managedDomain.id
    ]
  }
}

@description('Name of the Email Communication Service.')
output emailServiceName string = emailService.name

@description('Name of the Communication Services resource.')
output communicationServiceName string = communicationService.name

@description('Id of the Communication Services resource.')
output communicationServiceId string = communicationService.id

@description('Endpoint that takes mails, without a slash at its end.')
output endpoint string = 'https://${communicationService.properties.hostName}'

@description('Domain that mails leave from now.')
output senderDomain string = sendFromOwnDomain ? customDomain!.properties.mailFromSenderDomain : managedDomain.properties.mailFromSenderDomain

@description('DNS records that your own domain needs, and what Azure has found of them.')
output domainRecords object = ownDomain ? customDomain!.properties.verificationRecords : {}

@description('How far the verification of each record is.')
output domainStates object = ownDomain ? customDomain!.properties.verificationStates : {}
