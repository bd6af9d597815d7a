using 'main.bicep'

// For visitors: your own mail domain, storage in three zones, Front Door. Change what names Contoso.

param location = 'westeurope'
param namePrefix = 'doi'

param websiteOrigins = [
  'https://www.contoso.com'
]
param dataverseUrl = 'https://contoso.crm4.dynamics.com'
param formSettings = {
  FORM_PURPOSE_COMMERCIAL: '10000000-0000-0000-0000-000000000003'
  FORM_TOPIC_PRODUCT_NEWS: '20000000-0000-0000-0000-000000000001'
  FORM_TRIGGER_NEWSLETTER: 'msdynmkt_doiconfirmed_1234567'
  FORM_TRIGGER_WHITEPAPER: 'msdynmkt_whitepaperconfirmed_7654321'
}

// Two steps each: deploy with false, set the DNS records that come out, deploy with true.
param mailDomain = 'news.contoso.com'
param mailDomainVerified = false
param publicHostName = 'doi.contoso.com'
param publicHostNameReady = false

// What Azure has granted: ask for it before the first campaign.
param mailsPerMinute = 0
param mailsPerHour = 0

param alwaysReadyHttpInstances = 1
param maximumInstanceCount = 10
// With zones Azure keeps two instances of each function always ready: docs/operations.md, Costs.
param zoneRedundant = false
param storageSkuName = 'Standard_ZRS'
param frontDoorEnabled = true

param logRetentionInDays = 90
param alertEmails = [
  'dynamics-team@contoso.com'
]
// az ad group show --group 'Dynamics team' --query id --output tsv
param operatorPrincipalId = ''
param monthlyBudget = 150
// The first day of the month in which you deploy for the first time.
param budgetStartDate = '2026-12-01'
