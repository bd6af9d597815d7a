metadata description = 'The secrets that the app needs from its first start, made once and never changed by a deployment.'

@description('Name of the Key Vault.')
param vaultName string

@description('What DOI_PEPPER begins with: random, unless you bring your own. Used by the first deployment only.')
@secure()
param pepper string = '${newGuid()}-${newGuid()}' // checkov:skip=CKV_AZURE_131:newGuid() is drawn anew each time, nothing is written here

@description('The first key of DOI_TOKEN_KEYS: random, unless you bring your own. Used by the first deployment only.')
@secure()
param tokenKeys string = '${newGuid()}-${newGuid()}' // checkov:skip=CKV_AZURE_131:likewise

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

// Azure looks whether the secret is there, and leaves it alone if it is.
@onlyIfNotExists()
resource pepperSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  // checkov:skip=CKV_AZURE_41:the pepper must never change, so it must not expire
  parent: vault
  name: 'doi-pepper'
  properties: {
    value: pepper
    contentType: 'DOI_PEPPER: must never change'
  }
}

@onlyIfNotExists()
resource tokenKeysSecret 'Microsoft.KeyVault/vaults/secrets@2024-11-01' = {
  // checkov:skip=CKV_AZURE_41:an expired key would make every link in the mails invalid
  parent: vault
  name: 'doi-token-keys'
  properties: {
    value: tokenKeys
    contentType: 'DOI_TOKEN_KEYS: newest first, separated by commas'
  }
}

@description('Name of the secret that DOI_PEPPER refers to.')
output pepperName string = pepperSecret.name

@description('Name of the secret that DOI_TOKEN_KEYS refers to.')
output tokenKeysName string = tokenKeysSecret.name
