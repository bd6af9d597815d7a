metadata description = 'The function app on its Flex Consumption plan.'

@description('Region of the app.')
param location string

@description('Tags of the plan and the app.')
param tags object

@description('Name of the plan.')
param planName string

@description('Name of the app.')
param name string

@description('Id of the app\'s identity.')
param identityId string

@description('Blob container that the app\'s package is deployed to, as an address.')
param deploymentContainerUrl string

@description('Memory of an instance, in MB.')
param instanceMemoryMB int

@description('Most instances of one scale group: all HTTP functions together, and each queue function.')
param maximumInstanceCount int

@description('Instances for HTTP that always run.')
param alwaysReadyHttpInstances int

@description('Requests that one instance works on at once.')
param httpConcurrency int

@description('Whether instances are spread over the region\'s zones.')
param zoneRedundant bool

@description('Oldest version of TLS that callers may use.')
@allowed([
  '1.2'
  '1.3'
])
param minimumTlsVersion string

@description('Websites whose pages may call the app, as scheme and host.')
param websiteOrigins array

@description('Id of the subnet that outgoing calls go through, or nothing.')
param subnetId string

@description('Id of the Front Door that alone may call the app, or nothing.')
param frontDoorId string

var onlyFrontDoor = !empty(frontDoorId)
var alwaysReady = alwaysReadyHttpInstances == 0 ? [] : [
  {
    name: 'http'
    instanceCount: alwaysReadyHttpInstances
  }
]
// The service tag lets every Front Door in, the header only ours.
var frontDoorOnly = [
  {
    name: 'our-front-door'
    priority: 100
    action: 'Allow'
    tag: 'ServiceTag'
    ipAddress: 'AzureFrontDoor.Backend'
    headers: {
      'x-azure-fdid': [
        frontDoorId
      ]
    }
  }
]

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  // checkov:skip=CKV_AZURE_225:the parameter zoneRedundant decides, since not every region has zones
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
    zoneRedundant: zoneRedundant
  }
}

resource app 'Microsoft.Web/sites@2025-03-01' = {
  // checkov:skip=CKV_AZURE_17:visitors and websites have no client certificate
  // checkov:skip=CKV_AZURE_222:a public form is the purpose; with Front Door only that may call
  // checkov:skip=CKV_AZURE_212:Flex Consumption starts instances as they are needed and has no worker count
  // checkov:skip=CKV_AZURE_213:a health check replaces workers of a plan; Flex Consumption replaces its instances itself
  // checkov:skip=CKV_AZURE_15:minimumTlsVersion is 1.2 or 1.3, which checkov does not always follow into this module
  // checkov:skip=CKV_AZURE_145:likewise
  name: name
  location: location
  // azd finds by the tag what it deploys the service 'app' to.
  tags: union(tags, {
    'azd-service-name': 'app'
  })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    publicNetworkAccess: 'Enabled'
    // Here, not in siteConfig: without it references look for a system-assigned identity, which there is not.
    keyVaultReferenceIdentity: identityId
    virtualNetworkSubnetId: empty(subnetId) ? null : subnetId
    functionAppConfig: {
      runtime: {
        name: 'python'
        version: '3.12'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: deploymentContainerUrl
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMB
        maximumInstanceCount: maximumInstanceCount
        alwaysReady: alwaysReady
        triggers: {
          http: {
            perInstanceConcurrency: httpConcurrency
          }
        }
      }
    }
    siteConfig: {
      minTlsVersion: minimumTlsVersion
      scmMinTlsVersion: minimumTlsVersion
      ftpsState: 'Disabled'
      http20Enabled: true
      cors: {
        allowedOrigins: websiteOrigins
        supportCredentials: false
      }
      ipSecurityRestrictionsDefaultAction: onlyFrontDoor ? 'Deny' : 'Allow'
      ipSecurityRestrictions: onlyFrontDoor ? frontDoorOnly : []
      // Deployments come from elsewhere, and sign in with Entra ID.
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictionsDefaultAction: 'Allow'
    }
  }
}

resource noPasswordForDeployment 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

resource noPasswordForFtp 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2025-03-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

@description('Name of the app.')
output name string = app.name

@description('Host name that Azure gave the app.')
output hostName string = app.properties.defaultHostName
