using 'main.bicep'

// A first try: mails leave from a domain that Azure owns, 10 an hour at most. Change what names Contoso.

param location = 'westeurope'
param namePrefix = 'doitest'

param websiteOrigins = [
  'https://test.contoso.com'
]
param dataverseUrl = 'https://contoso-test.crm4.dynamics.com'
param formSettings = {
  FORM_PURPOSE_COMMERCIAL: '10000000-0000-0000-0000-000000000003'
  FORM_TOPIC_PRODUCT_NEWS: '20000000-0000-0000-0000-000000000001'
  FORM_TRIGGER_NEWSLETTER: 'msdynmkt_doiconfirmed_1234567'
  FORM_TRIGGER_WHITEPAPER: 'msdynmkt_whitepaperconfirmed_7654321'
}

// Testers sign up with the same address again and again.
param furtherSettings = {
  DOI_MAILS_PER_ADDRESS_PER_DAY: '50'
  DOI_MAIL_COOLDOWN_SECONDS: '5'
}

// Nobody minds a cold start here.
param alwaysReadyHttpInstances = 0
param maximumInstanceCount = 2
param logRetentionInDays = 30

param alertEmails = [
  'dynamics-team@contoso.com'
]
// az ad group show --group 'Dynamics team' --query id --output tsv
param operatorPrincipalId = ''
param monthlyBudget = 20
// The first day of the month in which you deploy for the first time.
param budgetStartDate = '2026-12-01'
