metadata description = 'A mail when the resource group costs more in a month than it should.'

@description('Name of the budget.')
param name string

@description('Amount for a month, in the currency of the subscription.')
@minValue(1)
param amount int

@description('First day of the month that it begins with, as 2026-12-01. Azure never lets it change.')
param startDate string

@description('Who gets the mail.')
param contactEmails array

resource budget 'Microsoft.Consumption/budgets@2024-08-01' = {
  name: name
  properties: {
    category: 'Cost'
    amount: amount
    timeGrain: 'Monthly'
    timePeriod: {
      startDate: startDate
    }
    notifications: {
      spent80Percent: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 80
        thresholdType: 'Actual'
        contactEmails: contactEmails
      }
      willExceed: {
        enabled: true
        operator: 'GreaterThan'
        threshold: 100
        thresholdType: 'Forecasted'
        contactEmails: contactEmails
      }
    }
  }
}
