metadata description = 'The private network: one subnet for the app, one for the private endpoints of storage.'

@description('Region of the network.')
param location string

@description('Tags of the resources.')
param tags object

@description('Name of the virtual network; the security groups are called after it.')
param name string

@description('Addresses of the network.')
param addressPrefix string

@description('Addresses of the app\'s subnet, /27 or larger.')
param appSubnetPrefix string

@description('Addresses of the subnet of the private endpoints.')
param endpointSubnetPrefix string

// Without rules of its own: within the network everything is allowed, from outside nothing.
resource appRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${name}-app'
  location: location
  tags: tags
  properties: {
    securityRules: []
  }
}

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2025-05-01' = {
  name: '${name}-endpoints'
  location: location
  tags: tags
  properties: {
    securityRules: []
  }
}

// The subnets stand inside the network: written without them, it would try to delete them.
resource network 'Microsoft.Network/virtualNetworks@2025-05-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: {
      addressPrefixes: [
        addressPrefix
      ]
    }
    subnets: [
      {
        name: 'app'
        properties: {
          addressPrefix: appSubnetPrefix
          networkSecurityGroup: {
            id: appRules.id
          }
          delegations: [
            {
              name: 'flex-consumption'
              properties: {
                serviceName: 'Microsoft.App/environments'
              }
            }
          ]
        }
      }
      {
        name: 'endpoints'
        properties: {
          addressPrefix: endpointSubnetPrefix
          networkSecurityGroup: {
            id: endpointRules.id
          }
          privateEndpointNetworkPolicies: 'Disabled'
        }
      }
    ]
  }
}

resource appSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' existing = {
  parent: network
  name: 'app'
}

resource endpointSubnet 'Microsoft.Network/virtualNetworks/subnets@2025-05-01' existing = {
  parent: network
  name: 'endpoints'
}

@description('Id of the virtual network.')
output id string = network.id

@description('Id of the app\'s subnet.')
output appSubnetId string = appSubnet.id

@description('Id of the subnet of the private endpoints.')
output endpointSubnetId string = endpointSubnet.id
