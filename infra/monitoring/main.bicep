// Who is told of what: an action group that sends mail, a rule for each alert, and the workbook with the
// charts. The rules' queries are in ../queries; each returns a row when somebody has to look.
// docs/events.md explains the events, docs/operations.md what to do about each alert.

targetScope = 'resourceGroup'

@description('Region of the rules and the workbook. The action group is global.')
param location string

@description('Tags of every resource.')
param tags object

@description('Beginning of the names of all resources, such as doi-prod.')
@minLength(1)
@maxLength(40)
param namePrefix string

@description('Resource id of the Application Insights component that the function app logs to.')
param applicationInsightsId string

@description('Resource id of the Log Analytics workspace beneath it.')
param logAnalyticsWorkspaceId string

@description('Who gets a mail when an alert fires and when it is over. Without any nobody is told, but the portal shows the alerts.')
param alertEmails array

@description('Whether the app takes leads from LinkedIn: adds the rules about them.')
param linkedInEnabled bool

@description('The mail provider (DOI_MAIL_PROVIDER). Only acs reports bounces: adds the rule about them.')
@allowed([
  'acs'
  'graph'
  'smtp'
])
param mailProvider string

@description('A function fails when more than so many percent of its calls within 15 minutes do.')
@minValue(0)
@maxValue(99)
param failurePercent int = 5

@description('Fewer failed calls of a function within 15 minutes than this are not told.')
@minValue(1)
param leastFailures int = 5

@description('How often within 15 minutes people or LinkedIn were asked to come back later, since storage did not answer.')
@minValue(1)
param leastRefusals int = 3

@description('How often the mail provider answered 429 within an hour.')
@minValue(1)
param leastThrottled int = 5

@description('How often the mail provider had to be left alone within an hour.')
@minValue(1)
param leastRests int = 3

@description('More than so many percent of a day\'s mails bounced.')
@minValue(0)
@maxValue(99)
param bouncePercent int = 5

@description('Fewer mails a day than this say nothing about bounces.')
@minValue(1)
param leastMailsForBounces int = 20

@description('So many mails left, each two hours ago or more, and nobody has confirmed.')
@minValue(1)
param leastMailsForConfirmations int = 20

@description('Within this time.')
@allowed([
  'PT6H'
  'P1D'
  'P2D'
])
param confirmationWindow string = 'P1D'

@description('A message may wait for a function for so many seconds.')
@minValue(60)
param stuckSeconds int = 900

@description('How often within two hours the leads of one owner could not be listed.')
@minValue(1)
param leastReconciliationFailures int = 4

// One alert for each value of these columns.
var splitBy = {
  queue: [
    {
      name: 'queue'
      operator: 'Include'
      values: [
        '*'
      ]
    }
  ]
  function: [
    {
      name: 'function'
      operator: 'Include'
      values: [
        '*'
      ]
    }
  ]
  event: [
    {
      name: 'event'
      operator: 'Include'
      values: [
        '*'
      ]
    }
  ]
  operation: [
    {
      name: 'Operation'
      operator: 'Include'
      values: [
        '*'
      ]
    }
  ]
  form: [
    {
      name: 'form'
      operator: 'Include'
      values: [
        '*'
      ]
    }
  ]
  provider: [
    {
      name: 'provider'
      operator: 'Include'
      values: [
        '*'
      ]
    }
  ]
  owner: [
    {
      name: 'owner'
      operator: 'Include'
      values: [
        '*'
      ]
    }
    {
      name: 'lead_type'
      operator: 'Include'
      values: [
        '*'
      ]
    }
  ]
  leadForm: [
    {
      name: 'form'
      operator: 'Include'
      values: [
        '*'
      ]
    }
    {
      name: 'lead_form'
      operator: 'Include'
      values: [
        '*'
      ]
    }
  ]
}

// A rule without `mute` watches a state: its alert is over when the query returns nothing any more. One with
// `mute` tells that something has happened, which is never over by itself: at most one mail in that time.
var rules = [
  {
    name: 'poison-waiting'
    title: 'Messages wait in a poison queue'
    severity: 1
    text: 'Something failed for good and waits for you. doi poison list says what and why; mend the cause, then doi poison replay.'
    query: loadTextContent('../queries/alert_poison_waiting.kql')
    scope: applicationInsightsId
    frequency: 'PT5M'
    window: 'PT2H'
    mute: ''
    dimensions: splitBy.queue
  }
  {
    name: 'failures'
    title: 'Calls of a function fail'
    severity: 1
    text: 'Look at the failing function in Application Insights, Failures. 503 of register or confirm: storage does not answer.'
    query: replace(replace(loadTextContent('../queries/alert_failures.kql'), 'let failure_percent = 5;', 'let failure_percent = ${failurePercent};'), 'let least_failures = 5;', 'let least_failures = ${leastFailures};')
    scope: applicationInsightsId
    frequency: 'PT5M'
    window: 'PT15M'
    mute: ''
    dimensions: splitBy.function
  }
  {
    name: 'unavailable'
    title: 'People are asked to come back later'
    severity: 1
    text: 'Storage does not answer: look at the health of the storage account and of its private endpoints. It ends by itself when storage is back.'
    query: replace(loadTextContent('../queries/alert_unavailable.kql'), 'let least_refusals = 3;', 'let least_refusals = ${leastRefusals};')
    scope: applicationInsightsId
    frequency: 'PT5M'
    window: 'PT15M'
    mute: ''
    dimensions: splitBy.event
  }
  {
    name: 'queue-stuck'
    title: 'A queue is not worked off'
    severity: 1
    text: 'A message waits and no function takes it. Is the function enabled, and does the app start? az functionapp function list must name all functions.'
    query: replace(loadTextContent('../queries/alert_queue_stuck.kql'), 'let stuck_seconds = 900;', 'let stuck_seconds = ${stuckSeconds};')
    scope: applicationInsightsId
    frequency: 'PT5M'
    window: 'PT15M'
    mute: ''
    dimensions: splitBy.queue
  }
  {
    name: 'watch-silent'
    title: 'The watch of every minute is silent'
    severity: 0
    text: 'The app does not run, or its timers do not: no other alert can be trusted. Look at the app\'s state and at its log stream for a setting or form that stops the start.'
    query: loadTextContent('../queries/alert_watch_silent.kql')
    scope: applicationInsightsId
    frequency: 'PT5M'
    window: 'PT15M'
    mute: ''
    dimensions: []
  }
  {
    name: 'logs-lost'
    title: 'The workspace takes in no logs, or not all'
    severity: 1
    text: 'The daily cap is reached, or too much is logged at once: the other alerts are blind until then. Raise the cap, or find what logs so much.'
    query: loadTextContent('../queries/alert_logs_lost.kql')
    scope: logAnalyticsWorkspaceId
    frequency: 'PT15M'
    window: 'PT1H'
    mute: ''
    dimensions: splitBy.operation
  }
  {
    name: 'no-confirmations'
    title: 'Mails leave, and nobody confirms'
    severity: 1
    text: 'Sign up yourself: does the mail arrive, in the inbox and not in spam, and does its link open? Look at the sender domain\'s verification and at bounces.'
    query: replace(loadTextContent('../queries/alert_no_confirmations.kql'), 'let least_mails = 20;', 'let least_mails = ${leastMailsForConfirmations};')
    scope: applicationInsightsId
    frequency: 'PT1H'
    window: confirmationWindow
    mute: ''
    dimensions: []
  }
  {
    name: 'never-mailed'
    title: 'Sign-ups were lost without a mail'
    severity: 1
    text: 'No mail left for days, and the form has forgotten these people. Find out why: events postponed and mail_provider_rests have the reason.'
    query: loadTextContent('../queries/alert_never_mailed.kql')
    scope: applicationInsightsId
    frequency: 'PT15M'
    window: 'PT30M'
    mute: 'PT1H'
    dimensions: splitBy.form
  }
  {
    name: 'mail-throttled'
    title: 'The mail provider throttles (429)'
    severity: 2
    text: 'Nothing is lost, mails wait. Raise the quota with the provider first, then DOI_MAILS_PER_MINUTE and DOI_MAILS_PER_HOUR.'
    query: replace(loadTextContent('../queries/alert_mail_throttled.kql'), 'let least_throttled = 5;', 'let least_throttled = ${leastThrottled};')
    scope: applicationInsightsId
    frequency: 'PT15M'
    window: 'PT1H'
    mute: ''
    dimensions: splitBy.provider
  }
  {
    name: 'mail-provider-rests'
    title: 'The mail provider fails'
    severity: 2
    text: 'Nothing is lost: mails wait, or the second provider sends them. The events mail_provider_rests have the reason; look at the provider\'s status.'
    query: replace(loadTextContent('../queries/alert_mail_provider_rests.kql'), 'let least_rests = 3;', 'let least_rests = ${leastRests};')
    scope: applicationInsightsId
    frequency: 'PT15M'
    window: 'PT1H'
    mute: ''
    dimensions: splitBy.provider
  }
  {
    name: 'form-over-ceiling'
    title: 'A form has more sign-ups than expected'
    severity: 2
    text: 'Nobody is stopped. A campaign: raise the form\'s dailyCeiling. An attack: let the form ask for proof of work, and block its networks in front of the app.'
    query: loadTextContent('../queries/alert_form_over_ceiling.kql')
    scope: applicationInsightsId
    frequency: 'PT15M'
    window: 'PT30M'
    mute: 'PT1H'
    dimensions: splitBy.form
  }
  {
    name: 'other-alarms'
    title: 'Something else needs somebody'
    severity: 2
    text: 'The event\'s name is in the alert; docs/events.md says for each what to do.'
    query: loadTextContent('../queries/alert_other_alarms.kql')
    scope: applicationInsightsId
    frequency: 'PT15M'
    window: 'PT30M'
    mute: 'PT1H'
    dimensions: splitBy.event
  }
]

var bounceRules = [
  {
    name: 'bounces'
    title: 'Many mails bounce'
    severity: 2
    text: 'Bad addresses (a bought list, an attack), or a sender that is refused: look at the words of the provider in the workbook, and at SPF, DKIM and DMARC of the domain.'
    query: replace(replace(loadTextContent('../queries/alert_bounces.kql'), 'let bounce_percent = 5;', 'let bounce_percent = ${bouncePercent};'), 'let least_mails = 20;', 'let least_mails = ${leastMailsForBounces};')
    scope: applicationInsightsId
    frequency: 'PT1H'
    window: 'P1D'
    mute: ''
    dimensions: []
  }
]

var linkedInRules = [
  {
    name: 'linkedin-sign-in-due'
    title: 'Somebody has to sign in at LinkedIn'
    severity: 2
    text: 'Whoever has the roles on ad account and page: doi linkedin authorize. After the day in the alert no lead comes in.'
    query: loadTextContent('../queries/alert_linkedin_sign_in_due.kql')
    scope: applicationInsightsId
    frequency: 'PT6H'
    window: 'P1D'
    mute: 'P1D'
    dimensions: []
  }
  {
    name: 'linkedin-version-due'
    title: 'LinkedIn switches off the API version'
    severity: 2
    text: 'Set LINKEDIN_VERSION to a newer version and run doi linkedin doctor. After the day in the alert no lead comes in.'
    query: loadTextContent('../queries/alert_linkedin_version_due.kql')
    scope: applicationInsightsId
    frequency: 'PT6H'
    window: 'P1D'
    mute: 'P1D'
    dimensions: []
  }
  {
    name: 'linkedin-not-reconciled'
    title: 'Leads of LinkedIn cannot be listed'
    severity: 2
    text: 'doi linkedin doctor names the role, permission, version or sign-in that is missing.'
    query: replace(loadTextContent('../queries/alert_linkedin_not_reconciled.kql'), 'let least_failures = 4;', 'let least_failures = ${leastReconciliationFailures};')
    scope: applicationInsightsId
    frequency: 'PT15M'
    window: 'PT2H'
    mute: ''
    dimensions: splitBy.owner
  }
  {
    name: 'lead-parked'
    title: 'Leads wait for somebody'
    severity: 2
    text: 'doi linkedin leads parked says why; docs/linkedin.md how to mend each reason. Then doi linkedin leads retry.'
    query: loadTextContent('../queries/alert_lead_parked.kql')
    scope: applicationInsightsId
    frequency: 'PT15M'
    window: 'PT30M'
    mute: 'PT1H'
    dimensions: splitBy.leadForm
  }
]

var wantedRules = concat(rules, mailProvider == 'acs' ? bounceRules : [], linkedInEnabled ? linkedInRules : [])

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${namePrefix}-alerts'
  location: 'global'
  tags: tags
  properties: {
    enabled: true
    groupShortName: 'double-optin'
    emailReceivers: [for (address, index) in alertEmails: {
      name: 'mail-${index}'
      emailAddress: address
      useCommonAlertSchema: true
    }]
  }
}

resource alertRules 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in wantedRules: {
  name: '${namePrefix}-${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: '${namePrefix}: ${rule.title}'
    description: '${rule.text} Runbook: docs/operations.md#alert-${rule.name}'
    severity: rule.severity
    enabled: true
    scopes: [
      rule.scope
    ]
    evaluationFrequency: rule.frequency
    windowSize: rule.window
    autoMitigate: empty(rule.mute)
    muteActionsDuration: empty(rule.mute) ? null : rule.mute
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          dimensions: rule.dimensions
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [
        actionGroup.id
      ]
      customProperties: {
        runbook: 'docs/operations.md#alert-${rule.name}'
      }
    }
  }
}]

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, namePrefix, 'double-opt-in')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Double opt-in (${namePrefix})'
    category: 'workbook'
    sourceId: applicationInsightsId
    version: 'Notebook/1.0'
    serializedData: replace(loadTextContent('workbook.json'), '__APPLICATION_INSIGHTS_ID__', applicationInsightsId)
  }
}

@description('Resource id of the action group, for alerts of other resources.')
output actionGroupId string = actionGroup.id

@description('Resource id of the workbook.')
output workbookId string = workbook.id
