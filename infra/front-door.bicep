metadata description = 'Front Door\'s profile, which the app knows before anything leads to it.'

@description('Tags of the profile.')
param tags object

@description('Name of the profile.')
param name string

resource profile 'Microsoft.Cdn/profiles@2025-04-15' = {
  name: name
  location: 'global'
  tags: tags
  sku: {
    name: 'Standard_AzureFrontDoor'
  }
  properties: {
    originResponseTimeoutSeconds: 60
  }
}

@description('Name of the profile.')
output name string = profile.name

@description('What Front Door writes into the header X-Azure-FDID of every request.')
output frontDoorId string = profile.properties.frontDoorId
