"""List prices in US dollars as known in November 2026, pay as you go, cheapest regions.

They differ by region and contract: https://azure.microsoft.com/pricing/calculator.
"""

from typing import Final

# Azure Functions, Flex Consumption. https://azure.microsoft.com/pricing/details/functions
ON_DEMAND_GB_SECOND: Final = 0.000026
ALWAYS_READY_IDLE_GB_SECOND: Final = 0.000004
ALWAYS_READY_ACTIVE_GB_SECOND: Final = 0.000016
MILLION_EXECUTIONS: Final = 0.40
# A month, for the whole subscription, and for instances on demand only.
FREE_GB_SECONDS: Final = 100_000
FREE_EXECUTIONS: Final = 250_000
# https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#billing
LEAST_SECONDS: Final = 1.0

# Communication Services. https://azure.microsoft.com/pricing/details/communication-services
MAIL: Final = 0.00025
MAIL_MB: Final = 0.00012

# Storage, general purpose v2, locally redundant. https://azure.microsoft.com/pricing/details/storage
TEN_THOUSAND_QUEUE_OPERATIONS: Final = 0.004
TEN_THOUSAND_TABLE_OPERATIONS: Final = 0.00036
TABLE_GB_MONTH: Final = 0.045

# https://azure.microsoft.com/pricing/details/monitor
LOG_GB: Final = 2.76
FIVE_MINUTE_RULE: Final = 1.50
SLOWER_RULE: Final = 0.50

# https://azure.microsoft.com/pricing/details/key-vault, …/frontdoor, …/private-link
TEN_THOUSAND_SECRET_OPERATIONS: Final = 0.03
FRONT_DOOR: Final = 35.0
PRIVATE_ENDPOINT_HOUR: Final = 0.01
