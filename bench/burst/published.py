"""Limits that others publish, each with its source. `assumed.py` has what nobody publishes."""

from typing import Final

# ---- Azure Functions, Flex Consumption ----

# "Scale up of four instances at a time"; desired = length of the queue / batchSize.
# https://learn.microsoft.com/azure/azure-functions/functions-target-based-scaling
INSTANCES_AT_ONCE: Final = 4
# ScaleMetricsSampleInterval of azure-webjobs-sdk, ScaleOptions.
QUEUE_LOOK_SECONDS: Final = 10.0
# "For HTTP triggers, new instances are allocated, at most, once per second": said of the
# Consumption plan. Flex is "fast", without a number.
# https://learn.microsoft.com/azure/azure-functions/event-driven-scaling
HTTP_INSTANCE_SECONDS: Final = 1.0
# https://learn.microsoft.com/azure/azure-functions/flex-consumption-plan#instance-sizes
CORES: Final = {512: 0.25, 2048: 1.0, 4096: 2.0}
# 512,000 MB for a subscription and region, until raised: the same page, regional quotas.
REGION_MB: Final = 512_000
MOST_INSTANCES: Final = 1000

# ---- Storage ----

# https://learn.microsoft.com/azure/storage/queues/scalability-targets says "messages"; here each
# put, get and delete of one is taken for a message, which is the careful reading.
QUEUE_PER_SECOND: Final = 2_000
# Requests a second of one account, queues and tables together: the same page, and
# https://learn.microsoft.com/azure/storage/tables/scalability-targets
ACCOUNT_PER_SECOND: Final = 20_000

# ---- Communication Services ----

# https://learn.microsoft.com/azure/communication-services/concepts/service-limits (own domain)
FIRST_MAILS_A_MINUTE: Final = 30
FIRST_MAILS_AN_HOUR: Final = 100
# "High volume up to 1-2 million messages per hour", the same page: what a ticket can bring.
MOST_MAILS_AN_HOUR: Final = 1_000_000

# ---- Dataverse: service protection, for each user and web server ----

# https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
WINDOW_SECONDS: Final = 300.0
WINDOW_REQUESTS: Final = 6_000
WINDOW_EXECUTION_SECONDS: Final = 1_200.0
CONCURRENT_REQUESTS: Final = 52
# What all application users of a tenant may ask for in 24 hours, with Dynamics 365 licences; each
# row read or written counts. 5,000 more for each licence, to 10 million.
# https://learn.microsoft.com/power-platform/admin/api-request-limits-allocations
DAILY_REQUESTS: Final = 500_000

# ---- Customer Insights - Journeys ----

# learn.microsoft.com/dynamics365/customer-insights/journeys/fair-use-policy: beyond it slower, and
# possibly dropped.
TRIGGERS_A_MINUTE: Final = 2_500
