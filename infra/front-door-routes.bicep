metadata description = 'The way from visitors through Front Door to the app, behind a firewall that limits each address.'

@description('Tags of the resources.')
param tags object

@description('Name of Front Door\'s profile.')
param profileName string

@description('Name of the endpoint, which is part of its address.')
param endpointName string

@description('Name of the firewall policy: letters and digits.')
param policyName string

@description('Host name of the function app.')
param originHostName string

@description('Your own host name, or nothing.')
param customHostName string

@description('Requests that one address may make within a minute.')
param requestsPerMinute int

@description('Networks without that limit, such as your own web servers.')
param unlimitedSources array

var hasCustomHostName = !empty(customHostName)
// An empty list is not allowed in a rule, so the rule is not there.
var allowOwnServers = empty(unlimitedSources) ? [] : [
  {
    name: 'OwnServers'
    priority: 10
    ruleType: 'MatchRule'
    enabledState: 'Enabled'
    action: 'Allow'
    matchConditions: [
      {
        matchVariable: 'SocketAddr'
        operator: 'IPMatch'
        negateCondition: false
        matchValue: unlimitedSources
      }
    ]
  }
]
var limitEachAddress = [
  {
    name: 'EachAddress'
    priority: 100
    ruleType: 'RateLimitRule'
    enabledState: 'Enabled'
    action: 'Block'
    rateLimitDurationInMinutes: 1
    rateLimitThreshold: requestsPerMinute
    matchConditions: [
      {
        matchVariable: 'RequestUri'
        operator: 'Contains'
        negateCondition: false
        matchValue: [
          '/api/'
        ]
      }
    ]
  }
]

resource profile 'Microsoft.Cdn/profiles@2025-04-15' existing = {
  name: profileName
}

resource endpoint 'Microsoft.Cdn/profiles/afdEndpoints@2025-04-15' = {
  parent: profile
  name: endpointName
  location: 'global'
  tags: tags
  properties: {
    enabledState: 'Enabled'
  }
}

resource originGroup 'Microsoft.Cdn/profiles/originGroups@2025-04-15' = {
  parent: profile
  name: 'app'
  properties: {
    loadBalancingSettings: {
      sampleSize: 4
      successfulSamplesRequired: 3
    }
    healthProbeSettings: {
      probePath: '/api/health'
      probeProtocol: 'Https'
      probeRequestType: 'HEAD'
      probeIntervalInSeconds: 120
    }
  }
}

resource origin 'Microsoft.Cdn/profiles/originGroups/origins@2025-04-15' = {
  parent: originGroup
  name: 'app'
  properties: {
    hostName: originHostName
    originHostHeader: originHostName
    httpsPort: 443
    enforceCertificateNameCheck: true
  }
}

resource customDomain 'Microsoft.Cdn/profiles/customDomains@2025-04-15' = if (hasCustomHostName) {
  parent: profile
  name: hasCustomHostName ? replace(customHostName, '.', '-') : 'none'
  properties: {
    hostName: customHostName
    tlsSettings: {
      certificateType: 'ManagedCertificate'
      minimumTlsVersion: 'TLS12'
    }
  }
}

// Without a cache: every page and answer is for one person.
resource route 'Microsoft.Cdn/profiles/afdEndpoints/routes@2025-04-15' = {
  parent: endpoint
  name: 'api'
  properties: {
    originGroup: {
      id: originGroup.id
    }
    customDomains: hasCustomHostName ? [
      {
        id: customDomain.id
      }
    ] : []
    patternsToMatch: [
      '/api/*'
    ]
    supportedProtocols: [
      'Http'
      'Https'
    ]
    httpsRedirect: 'Enabled'
    forwardingProtocol: 'HttpsOnly'
    linkToDefaultDomain: 'Enabled'
    enabledState: 'Enabled'
  }
  dependsOn: [
    origin
  ]
}

resource policy 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2025-03-01' = {
  name: policyName
  location: 'global'
  tags: tags
  sku: {
    name: 'Standard_AzureFrontDoor'
  }
  properties: {
    policySettings: {
      enabledState: 'Enabled'
      mode: 'Prevention'
      customBlockResponseStatusCode: 429
    }
    customRules: {
      rules: concat(allowOwnServers, limitEachAddress)
    }
  }
}

resource firewall 'Microsoft.Cdn/profiles/securityPolicies@2025-04-15' = {
  parent: profile
  name: 'firewall'
  properties: {
    parameters: {
      type: 'WebApplicationFirewall'
      wafPolicy: {
        id: policy.id
      }
      associations: [
        {
          domains: hasCustomHostName ? [
            {
              id: endpoint.id
            }
            {
              id: customDomain.id
            }
          ] : [
            {
              id: endpoint.id
            }
          ]
          patternsToMatch: [
            '/*'
          ]
        }
      ]
    }
  }
}

@description('Host name under which Front Door answers.')
output hostName string = endpoint.properties.hostName

@description('Value of the TXT record _dnsauth.HOST that proves that the host name is yours.')
output validationToken string = hasCustomHostName ? customDomain!.properties.validationProperties.validationToken : ''
