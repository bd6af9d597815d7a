metadata description = 'Headless double opt-in for Customer Insights - Journeys: everything that it needs in Azure.'

// ---- Where, and what it is called ----

@description('Region of all resources. Flex Consumption is not offered everywhere; a region missing here is refused before anything is made. `az functionapp list-flexconsumption-locations` has today\'s list.')
@allowed([
  'australiaeast'
  'australiasoutheast'
  'brazilsouth'
  'canadacentral'
  'centralindia'
  'centralus'
  'eastasia'
  'eastus'
  'eastus2'
  'francecentral'
  'germanywestcentral'
  'italynorth'
  'japaneast'
  'koreacentral'
  'northcentralus'
  'northeurope'
  'norwayeast'
  'southafricanorth'
  'southcentralus'
  'southeastasia'
  'southindia'
  'spaincentral'
  'swedencentral'
  'uaenorth'
  'uksouth'
  'ukwest'
  'westcentralus'
  'westeurope'
  'westus'
  'westus2'
  'westus3'
])
param location string

@description('What every name begins with: letters and digits.')
@minLength(2)
@maxLength(9)
param namePrefix string = 'doi'

@description('Name of the azd environment, for its tag. Nothing without azd.')
param environmentName string = ''

@description('Further tags of all resources.')
param tags object = {}

// ---- Websites, forms, Dataverse ----

@description('Websites whose pages may call the app, each as scheme and host: https://www.contoso.com. The first one is FORM_WEBSITE_URL.')
@minLength(1)
param websiteOrigins array

@description('Address of the Dataverse environment: https://ORG.crm4.dynamics.com.')
@minLength(12)
param dataverseUrl string

@description('Values that the form files name as %FORM_…%, such as FORM_PURPOSE_COMMERCIAL. FORM_WEBSITE_URL and FORM_MAIL_SENDER are made from other parameters.')
param formSettings object = {}

@description('Settings of docs/settings.md that have no parameter here, by name. What follows from a parameter wins.')
param furtherSettings object = {}

@description('Networks without a budget of registrations, such as your own web servers: 198.51.100.0/24.')
param unlimitedSources array = []

@description('Your own host name for the app: doi.contoso.com. With Front Door it gets a certificate by itself; without, bind it to the app yourself.')
param publicHostName string = ''

@description('True once that host name answers: the links in the mails begin with it from then on.')
param publicHostNameReady bool = false

// ---- Mail ----

@description('Who sends the mails: Azure Communication Services, Microsoft 365, or an SMTP server.')
@allowed([
  'acs'
  'graph'
  'smtp'
])
param mailProvider string = 'acs'

@description('A second one, which sends while the first keeps failing. Empty for none.')
@allowed([
  ''
  'acs'
  'graph'
  'smtp'
])
param mailFallbackProvider string = ''

@description('Where Communication Services keeps mails. It cannot be changed afterwards.')
@allowed([
  'Africa'
  'Asia Pacific'
  'Australia'
  'Brazil'
  'Canada'
  'Europe'
  'France'
  'Germany'
  'India'
  'Japan'
  'Korea'
  'Norway'
  'Switzerland'
  'UAE'
  'UK'
  'United States'
])
param mailDataLocation string = 'Europe'

@description('Domain that Communication Services sends from. Empty for a domain that Azure owns: at once, but 10 mails an hour at most.')
param mailDomain string = ''

@description('True once the domain shows as verified. Azure refuses to link a domain before.')
param mailDomainVerified bool = false

@description('Address that the mails come from. Empty for DoNotReply@ of the domain; needed with graph and smtp.')
param mailSender string = ''

@description('Further sender addresses of your own domain, as {username, displayName}. Azure takes them once it has raised the domain\'s quota.')
param mailSenders array = []

@description('Mails that the provider takes in a minute. 0 for what it documents at first.')
@minValue(0)
param mailsPerMinute int = 0

@description('Mails that the provider takes in an hour. 0 for what it documents at first.')
@minValue(0)
param mailsPerHour int = 0

@description('Name of the SMTP server.')
param smtpHost string = ''

@description('Port of the SMTP server.')
@minValue(1)
@maxValue(65535)
param smtpPort int = 587

@description('How the connection to the SMTP server is encrypted.')
@allowed([
  'starttls'
  'implicit'
])
param smtpTls string = 'starttls'

@description('User name at the SMTP server.')
param smtpUser string = ''

@description('True when its password is in the Key Vault, as secret smtp-password.')
param smtpPasswordInVault bool = false

// ---- LinkedIn ----

@description('Client id of the application at LinkedIn. With it, its client secret has to be in the Key Vault, as secret linkedin-client-secret. Empty: no leads.')
param linkedInClientId string = ''

@description('Owners whose leads are reconciled: urn:li:sponsoredAccount:123.')
param linkedInOwners array = []

@description('True when a refresh token is in the Key Vault, as secret linkedin-refresh-token. Not needed after `doi linkedin authorize`.')
param linkedInRefreshTokenInVault bool = false

@description('True when an access token is in the Key Vault, as secret linkedin-access-token: for applications without refresh tokens.')
param linkedInAccessTokenInVault bool = false

@description('True when the secret of the webhook\'s address is in the Key Vault, as secret linkedin-webhook-secret.')
param linkedInWebhookSecretInVault bool = false

// ---- Size ----

@description('Memory of an instance, in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('Most instances of one scale group: all HTTP functions together, and each queue function. docs/infrastructure.md does the arithmetic.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 10

@description('Instances for HTTP that always run, so that no visitor waits for a cold start. 0 saves their price.')
@minValue(0)
@maxValue(20)
param alwaysReadyHttpInstances int = 1

@description('Requests that one instance works on at once. Azure\'s own default for Python is 1.')
@minValue(1)
@maxValue(16)
param httpConcurrency int = 8

@description('Whether instances are spread over the region\'s zones. Not every region has zones. Azure then keeps two instances of each scale group always ready, and bills them: docs/operations.md has the sum.')
param zoneRedundant bool = false

@description('How storage is replicated: within one data centre, over the zones of a region, or over two regions.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GRS'
  'Standard_GZRS'
])
param storageSkuName string = 'Standard_LRS'

// ---- Network ----

@description('Oldest version of TLS that callers may use. Web servers of before 2022 often know nothing newer than 1.2.')
@allowed([
  '1.2'
  '1.3'
])
param minimumTlsVersion string = '1.2'

@description('Whether storage is reached through a private network only. Delivery reports of mails then cannot come in.')
param vnetEnabled bool = false

@description('Addresses of the private network.')
param networkAddressPrefix string = '10.90.0.0/24'

@description('Addresses of the app\'s subnet, /27 or larger.')
param appSubnetPrefix string = '10.90.0.0/26'

@description('Addresses of the subnet of the private endpoints.')
param endpointSubnetPrefix string = '10.90.0.64/27'

@description('Public IPv4 addresses or ranges that reach storage although it is private: where operators run `doi`.')
param storageAllowedIpAddresses array = []

@description('Whether Front Door stands before the app, with a firewall; the app then answers nobody else.')
param frontDoorEnabled bool = false

@description('Requests that one address may make within a minute, with Front Door.')
@minValue(10)
@maxValue(10000)
param frontDoorRequestsPerMinute int = 100

// ---- Watching, people, money ----

@description('Days that logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionInDays int = 90

@description('Who is mailed when something has to be mended, and about the budget.')
param alertEmails array = []

@description('Object id of the group or person who operates it: may write secrets, and mend queues and tables with `doi`. Empty for nobody.')
param operatorPrincipalId string = ''

@description('Whether that is a group or a person.')
@allowed([
  'Group'
  'User'
])
param operatorPrincipalType string = 'Group'

@description('What the resource group may cost in a month, in the subscription\'s currency; mails at 80 % and when it will be exceeded. 0 for no budget.')
@minValue(0)
param monthlyBudget int = 0

@description('First day of the month that the budget begins with, as 2026-12-01. Azure never lets it change.')
param budgetStartDate string = ''

@description('True for one deployment after the Key Vault was deleted: brings it back with its secrets.')
param recoverKeyVault bool = false

// ---- What follows from all that ----

var usesAcs = mailProvider == 'acs' || mailFallbackProvider == 'acs'
var usesSmtp = mailProvider == 'smtp' || mailFallbackProvider == 'smtp'
var secondProvider = mailProvider == 'acs' ? mailFallbackProvider : mailProvider
var usesManagedDomain = usesAcs && !(mailDomainVerified && !empty(mailDomain))
var linkedInEnabled = !empty(linkedInClientId)

// Each is a sentence when it is wrong, and empty when it is not.
var mistakes = [
  mailFallbackProvider == mailProvider ? 'mailFallbackProvider: must differ from mailProvider.' : ''
  mailDomainVerified && empty(mailDomain) ? 'mailDomainVerified: is true, but mailDomain names no domain.' : ''
  mailProvider != 'acs' && empty(mailSender) ? 'mailSender: is needed because mailProvider is not acs.' : ''
  usesSmtp && empty(smtpHost) ? 'smtpHost: is needed because a mail provider is smtp.' : ''
  publicHostNameReady && empty(publicHostName) ? 'publicHostNameReady: is true, but publicHostName names no host.' : ''
  !linkedInEnabled && (linkedInRefreshTokenInVault || linkedInAccessTokenInVault || linkedInWebhookSecretInVault || !empty(linkedInOwners)) ? 'linkedInClientId: is needed with the other linkedIn parameters.' : ''
  monthlyBudget > 0 && empty(budgetStartDate) ? 'budgetStartDate: is needed with monthlyBudget: the first day of this month or a later one, as 2026-12-01.' : ''
  monthlyBudget > 0 && empty(alertEmails) ? 'alertEmails: is needed with monthlyBudget.' : ''
  startsWith(dataverseUrl, 'https://') && !endsWith(dataverseUrl, '/') ? '' : 'dataverseUrl: is https://ORG.crm4.dynamics.com, without a slash at its end.'
  contains('${join(websiteOrigins, '|')}|', '/|') ? 'websiteOrigins: are scheme and host only, without a slash at their end.' : ''
]
var mistake = trim(join(mistakes, ' '))
// Everything needs a place, so a mistake stops all of it before anything is made.
var place = empty(mistake) ? location : fail(mistake)

var prefix = toLower(namePrefix)
var letters = replace(prefix, '-', '')
var suffix = uniqueString(resourceGroup().id, prefix)
var names = {
  identity: '${prefix}-identity-${suffix}'
  plan: '${prefix}-plan-${suffix}'
  app: '${prefix}-app-${suffix}'
  storage: '${letters}st${suffix}'
  vault: '${prefix}-kv-${take(suffix, 8)}'
  workspace: '${prefix}-logs-${suffix}'
  applicationInsights: '${prefix}-insights-${suffix}'
  emailService: '${prefix}-email-${suffix}'
  communicationService: '${prefix}-acs-${suffix}'
  reportsTopic: '${prefix}-mail-reports-${suffix}'
  reportsIdentity: '${prefix}-mail-reports-identity-${suffix}'
  network: '${prefix}-network-${suffix}'
  frontDoor: '${prefix}-frontdoor-${suffix}'
  firewall: '${letters}firewall${suffix}'
  budget: '${prefix}-budget-${suffix}'
}
var allTags = union(tags, empty(environmentName) ? {} : {
  'azd-env-name': environmentName
})

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var roleIds = {
  communicationAndEmailServiceOwner: '09976791-48a7-449e-bb21-39d1a415f350'
  keyVaultSecretsOfficer: 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  keyVaultSecretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  monitoringMetricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
  reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7'
  storageBlobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  storageQueueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  storageQueueDataMessageSender: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
  storageTableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
}

// A domain that Azure owns: 5 mails a minute, 10 an hour, never more. The app adds a second provider's quota.
// https://learn.microsoft.com/azure/communication-services/concepts/service-limits
var managedPerMinute = secondProvider == 'smtp' ? '' : secondProvider == 'graph' ? '35' : '5'
var managedPerHour = empty(secondProvider) ? '10' : ''
var perMinute = mailsPerMinute > 0 ? string(mailsPerMinute) : usesManagedDomain ? managedPerMinute : ''
var perHour = mailsPerHour > 0 ? string(mailsPerHour) : usesManagedDomain ? managedPerHour : ''

// ---- Resources ----

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: names.identity
  location: place
  tags: allTags
}

module logs 'logs.bicep' = {
  name: 'logs'
  params: {
    location: place
    tags: allTags
    workspaceName: names.workspace
    applicationInsightsName: names.applicationInsights
    retentionInDays: logRetentionInDays
  }
}

module storage 'storage.bicep' = {
  name: 'storage'
  params: {
    location: place
    tags: allTags
    name: names.storage
    skuName: storageSkuName
    privateOnly: vnetEnabled
    allowedIpAddresses: storageAllowedIpAddresses
  }
}

module network 'network.bicep' = if (vnetEnabled) {
  name: 'network'
  params: {
    location: place
    tags: allTags
    name: names.network
    addressPrefix: networkAddressPrefix
    appSubnetPrefix: appSubnetPrefix
    endpointSubnetPrefix: endpointSubnetPrefix
  }
}

module privateEndpoints 'private-endpoint.bicep' = [for service in [
  'blob'
  'queue'
  'table'
]: if (vnetEnabled) {
  name: 'private-endpoint-${service}'
  params: {
    location: place
    tags: allTags
    name: '${names.network}-${service}'
    storageAccountId: storage.outputs.id
    service: service
    networkId: network!.outputs.id
    subnetId: network!.outputs.endpointSubnetId
  }
}]

module vault 'vault.bicep' = {
  name: 'vault'
  params: {
    location: place
    tags: allTags
    name: names.vault
    recover: recoverKeyVault
    workspaceId: logs.outputs.workspaceId
  }
}

module secrets 'secrets.bicep' = {
  name: 'secrets'
  params: {
    vaultName: vault.outputs.name
  }
}

module mail 'mail.bicep' = if (usesAcs) {
  name: 'mail'
  params: {
    tags: allTags
    emailServiceName: names.emailService
    communicationServiceName: names.communicationService
    dataLocation: mailDataLocation
    domainName: mailDomain
    domainVerified: mailDomainVerified
    senders: mailSenders
  }
}

// Event Grid cannot reach private storage: from global topics it delivers with user-assigned identities
// only, and with those not through a firewall. https://learn.microsoft.com/azure/event-grid/handler-storage-queues
module mailReports 'mail-reports.bicep' = if (usesAcs && !vnetEnabled) {
  name: 'mail-reports'
  params: {
    location: place
    tags: allTags
    topicName: names.reportsTopic
    identityName: names.reportsIdentity
    communicationServiceId: mail!.outputs.communicationServiceId
    storageAccountName: storage.outputs.name
    messageSenderRoleId: roleIds.storageQueueDataMessageSender
  }
}

module appRoles 'app-roles.bicep' = {
  name: 'app-roles'
  params: {
    identityId: identity.id
    principalId: identity.properties.principalId
    storageAccountName: storage.outputs.name
    vaultName: vault.outputs.name
    applicationInsightsName: logs.outputs.applicationInsightsName
    roleIds: roleIds
  }
}

module mailRoles 'mail-roles.bicep' = if (usesAcs) {
  name: 'mail-roles'
  params: {
    identityId: identity.id
    principalId: identity.properties.principalId
    communicationServiceName: mail!.outputs.communicationServiceName
    emailServiceName: mail!.outputs.emailServiceName
    roleIds: roleIds
  }
}

module operatorRoles 'operator-roles.bicep' = if (!empty(operatorPrincipalId)) {
  name: 'operator-roles'
  params: {
    principalId: operatorPrincipalId
    principalType: operatorPrincipalType
    storageAccountName: storage.outputs.name
    vaultName: vault.outputs.name
    roleIds: roleIds
  }
}

module frontDoor 'front-door.bicep' = if (frontDoorEnabled) {
  name: 'front-door'
  params: {
    tags: allTags
    name: names.frontDoor
  }
}

module app 'app.bicep' = {
  name: 'app'
  params: {
    location: place
    tags: allTags
    planName: names.plan
    name: names.app
    identityId: identity.id
    deploymentContainerUrl: '${storage.outputs.blobUrl}/${storage.outputs.deploymentContainerName}'
    instanceMemoryMB: instanceMemoryMB
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyHttpInstances: alwaysReadyHttpInstances
    httpConcurrency: httpConcurrency
    zoneRedundant: zoneRedundant
    minimumTlsVersion: minimumTlsVersion
    websiteOrigins: websiteOrigins
    subnetId: vnetEnabled ? network!.outputs.appSubnetId : ''
    frontDoorId: frontDoorEnabled ? frontDoor!.outputs.frontDoorId : ''
  }
  // An app that starts without its rights, or without a way to its storage, fails and stays so for a while.
  dependsOn: [
    appRoles
    privateEndpoints
  ]
}

module frontDoorRoutes 'front-door-routes.bicep' = if (frontDoorEnabled) {
  name: 'front-door-routes'
  params: {
    tags: allTags
    profileName: frontDoor!.outputs.name
    endpointName: names.app
    policyName: names.firewall
    originHostName: app.outputs.hostName
    customHostName: publicHostName
    requestsPerMinute: frontDoorRequestsPerMinute
    unlimitedSources: unlimitedSources
  }
}

var azureHostName = frontDoorEnabled ? frontDoorRoutes!.outputs.hostName : app.outputs.hostName
var publicAddress = 'https://${publicHostNameReady ? publicHostName : azureHostName}'
var senderDomain = usesAcs ? mail!.outputs.senderDomain : ''
var sender = empty(mailSender) ? 'DoNotReply@${senderDomain}' : mailSender

module appSettings 'app-settings.bicep' = {
  name: 'app-settings'
  params: {
    appName: app.outputs.name
    clientId: identity.properties.clientId
    storageUrls: {
      blob: storage.outputs.blobUrl
      queue: storage.outputs.queueUrl
      table: storage.outputs.tableUrl
    }
    vaultName: vault.outputs.name
    secretNames: {
      pepper: secrets.outputs.pepperName
      tokenKeys: secrets.outputs.tokenKeysName
    }
    applicationInsightsConnectionString: logs.outputs.connectionString
    publicUrl: publicAddress
    trustedProxies: frontDoorEnabled ? 2 : 1
    unlimitedSources: unlimitedSources
    dataverseUrl: dataverseUrl
    mail: {
      provider: mailProvider
      fallbackProvider: mailFallbackProvider
      perMinute: perMinute
      perHour: perHour
      acsEndpoint: usesAcs ? mail!.outputs.endpoint : ''
      acsResourceId: usesAcs ? mail!.outputs.communicationServiceId : ''
      smtpHost: smtpHost
      smtpPort: smtpPort
      smtpTls: smtpTls
      smtpUser: smtpUser
      smtpPasswordInVault: smtpPasswordInVault
    }
    linkedIn: {
      clientId: linkedInClientId
      owners: linkedInOwners
      refreshTokenInVault: linkedInRefreshTokenInVault
      accessTokenInVault: linkedInAccessTokenInVault
      webhookSecretInVault: linkedInWebhookSecretInVault
    }
    formSettings: union(formSettings, {
      FORM_WEBSITE_URL: first(websiteOrigins)
      FORM_MAIL_SENDER: sender
    })
    furtherSettings: furtherSettings
  }
}

module monitoring 'monitoring/main.bicep' = {
  name: 'monitoring'
  params: {
    location: place
    tags: allTags
    namePrefix: prefix
    applicationInsightsId: logs.outputs.applicationInsightsId
    logAnalyticsWorkspaceId: logs.outputs.workspaceId
    alertEmails: alertEmails
    linkedInEnabled: linkedInEnabled
    mailProvider: mailProvider
  }
}

module budget 'budget.bicep' = if (monthlyBudget > 0) {
  name: 'budget'
  params: {
    name: names.budget
    amount: monthlyBudget
    startDate: budgetStartDate
    contactEmails: alertEmails
  }
}

// ---- What the next steps need ----

var quotaStep = usesAcs && empty(mailDomain) ? [
  'Mails leave from ${senderDomain}: 10 an hour at most. Before a campaign give mailDomain your own domain.'
] : []
var domainStep = usesAcs && !empty(mailDomain) && !mailDomainVerified ? [
  'Set the records of mailDomainRecords in the DNS of ${mailDomain}, verify them (docs/deployment.md), then deploy with mailDomainVerified = true.'
] : []
var reportsStep = usesAcs && vnetEnabled ? [
  'Delivery reports cannot reach private storage: bounces are not noted.'
] : []
var hostNameStep = !empty(publicHostName) && !publicHostNameReady ? [
  'When https://${publicHostName}/api/health answers, deploy with publicHostNameReady = true. Until then the links in the mails begin with https://${azureHostName}.'
] : []
var linkedInStep = linkedInEnabled ? [
  'The Key Vault needs the secret linkedin-client-secret, or the app does not start.'
] : []
var dataverseStep = [
  'Make an application user for ${identity.name} (${identity.properties.clientId}) in ${dataverseUrl}.'
]

@description('Name of the function app.')
output appName string = app.outputs.name

@description('Address under which visitors reach the app.')
output publicUrl string = publicAddress

@description('Client id of the app\'s identity: its application user in Dataverse is made from this id.')
output identityClientId string = identity.properties.clientId

@description('Name of the identity, as it is shown in Microsoft Entra.')
output identityName string = identity.name

@description('Name of the Key Vault that operators write secrets into.')
output keyVaultName string = vault.outputs.name

@description('Name of the storage account.')
output storageAccountName string = storage.outputs.name

@description('Address that the mails come from: mail.sender of each form.')
output mailSender string = sender

@description('Name of the Email Communication Service, for verifying a domain.')
output emailServiceName string = usesAcs ? mail!.outputs.emailServiceName : ''

@description('DNS records that your own mail domain needs.')
output mailDomainRecords object = usesAcs ? mail!.outputs.domainRecords : {}

@description('How far the verification of each record is.')
output mailDomainStates object = usesAcs ? mail!.outputs.domainStates : {}

@description('What your own host name needs in DNS, with Front Door: a CNAME to the first, and a TXT record _dnsauth.HOST with the second.')
output publicHostNameRecords object = frontDoorEnabled && !empty(publicHostName) ? {
  cname: azureHostName
  dnsauthTxt: frontDoorRoutes!.outputs.validationToken
} : {}

@description('Id of the workbook with the funnel.')
output workbookId string = monitoring.outputs.workbookId

@description('Id of the action group, for alerts of your own.')
output actionGroupId string = monitoring.outputs.actionGroupId

@description('What is left to do, in order.')
output nextSteps array = concat(quotaStep, domainStep, reportsStep, hostNameStep, linkedInStep, dataverseStep)
