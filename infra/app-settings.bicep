metadata description = 'Every setting of the app. docs/settings.md says what each is; an empty one counts as missing.'

@description('Name of the function app.')
param appName string

@description('Client id of the app\'s identity.')
param clientId string

@description('Endpoints of the storage account: {blob, queue, table}, without a slash at their end.')
param storageUrls object

@description('Name of the Key Vault.')
param vaultName string

@description('Names of the secrets that were generated: {pepper, tokenKeys}.')
param secretNames object

@description('Where telemetry is sent.')
param applicationInsightsConnectionString string

@description('Address under which visitors reach the app.')
param publicUrl string

@description('Proxies in front of the app that add to X-Forwarded-For.')
param trustedProxies int

@description('Networks without a budget of registrations.')
param unlimitedSources array

@description('Address of the Dataverse environment.')
param dataverseUrl string

@description('Mail: {provider, fallbackProvider, sender, perMinute, perHour, acsEndpoint, acsResourceId, smtpHost, smtpPort, smtpTls, smtpUser, smtpPasswordInVault}.')
param mail object

@description('LinkedIn: {clientId, owners, refreshTokenInVault, accessTokenInVault, webhookSecretInVault}.')
param linkedIn object

@description('Values for the forms: settings that begin with FORM_.')
param formSettings object

@description('Further settings of the app, by name.')
param furtherSettings object

var vaultReference = '@Microsoft.KeyVault(VaultName=${vaultName};SecretName='

// Whoever deploys may give these; the app has a default for each.
var defaults = {
  DOI_FORMS_FOLDER: ''
  DOI_BROKEN_FORMS: ''
  DOI_MAILS_PER_ADDRESS_PER_DAY: ''
  DOI_MAIL_COOLDOWN_SECONDS: ''
  DOI_SUPPRESSION_DAYS: ''
  DOI_ORIGIN_DAYS: ''
  DOI_PROOF_DAYS: ''
  DOI_REGISTRATIONS_PER_SOURCE_PER_HOUR: ''
  DOI_REGISTRATIONS_PER_FORM_PER_DAY: ''
  DOI_MAIL_REST_SECONDS: ''
  DOI_CODE_WINDOW_SECONDS: ''
  DOI_DESK: ''
  DOI_PROMOTE_INLINE_SECONDS: ''
  DOI_CLAIM_SECONDS: ''
  DOI_RETRY_FIRST_SECONDS: ''
  DOI_RETRY_LONGEST_SECONDS: ''
  LINKEDIN_REQUIRE_SIGNATURE: ''
  LINKEDIN_EMAIL_FROM: ''
  LINKEDIN_VERSION: ''
  LINKEDIN_API_URL: ''
  LINKEDIN_OAUTH_URL: ''
}

// These follow from the other parameters and win over what was given.
var given = {
  AzureWebJobsStorage__blobServiceUri: storageUrls.blob
  AzureWebJobsStorage__queueServiceUri: storageUrls.queue
  AzureWebJobsStorage__tableServiceUri: storageUrls.table
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: clientId
  AzureWebJobsDisableHomepage: 'true'
  APPLICATIONINSIGHTS_CONNECTION_STRING: applicationInsightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${clientId};Authorization=AAD'
  // All functions of an instance share these threads: a silent server must not hold up visitors.
  PYTHON_THREADPOOL_THREAD_COUNT: '32'
  AZURE_CLIENT_ID: clientId
  DOI_CREDENTIAL: 'managed-identity'
  DOI_PUBLIC_URL: publicUrl
  DOI_PEPPER: '${vaultReference}${secretNames.pepper})'
  DOI_TOKEN_KEYS: '${vaultReference}${secretNames.tokenKeys})'
  DOI_TRUSTED_PROXIES: string(trustedProxies)
  DOI_UNLIMITED_SOURCES: join(unlimitedSources, ',')
  DOI_MAIL_PROVIDER: mail.provider
  DOI_MAIL_FALLBACK_PROVIDER: mail.fallbackProvider
  DOI_MAILS_PER_MINUTE: mail.perMinute
  DOI_MAILS_PER_HOUR: mail.perHour
  DOI_ACS_RESOURCE_ID: mail.acsResourceId
  ACS_ENDPOINT: mail.acsEndpoint
  SMTP_HOST: mail.smtpHost
  SMTP_PORT: string(mail.smtpPort)
  SMTP_TLS: mail.smtpTls
  SMTP_USER: mail.smtpUser
  SMTP_PASSWORD: mail.smtpPasswordInVault ? '${vaultReference}smtp-password)' : ''
  DATAVERSE_URL: dataverseUrl
  LINKEDIN_CLIENT_ID: linkedIn.clientId
  LINKEDIN_CLIENT_SECRET: empty(linkedIn.clientId) ? '' : '${vaultReference}linkedin-client-secret)'
  LINKEDIN_REFRESH_TOKEN: linkedIn.refreshTokenInVault ? '${vaultReference}linkedin-refresh-token)' : ''
  LINKEDIN_ACCESS_TOKEN: linkedIn.accessTokenInVault ? '${vaultReference}linkedin-access-token)' : ''
  LINKEDIN_WEBHOOK_SECRET: linkedIn.webhookSecretInVault ? '${vaultReference}linkedin-webhook-secret)' : ''
  LINKEDIN_OWNERS: join(linkedIn.owners, ',')
}

resource app 'Microsoft.Web/sites@2025-03-01' existing = {
  name: appName
}

resource settings 'Microsoft.Web/sites/config@2025-03-01' = {
  // These look at the app's configuration; this resource has its application settings, which are another one.
  // checkov:skip=CKV_AZURE_13:the endpoints are public or have a function key; nobody signs in
  // checkov:skip=CKV_AZURE_63:Application Insights has the requests; Flex Consumption has no such log
  // checkov:skip=CKV_AZURE_65:likewise
  // checkov:skip=CKV_AZURE_66:likewise
  // checkov:skip=CKV_AZURE_80:the app is Python
  // checkov:skip=CKV_AZURE_88:the app keeps no files
  // checkov:skip=CKV_AZURE_222:a public form is the purpose
  parent: app
  name: 'appsettings'
  properties: union(defaults, formSettings, furtherSettings, given)
}
