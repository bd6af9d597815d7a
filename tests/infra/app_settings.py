"""The settings that the templates give the app."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from shared.settings import Settings
from tests.examples import ROOT, sample_forms

if TYPE_CHECKING:
    from local.infrastructure.templates import Templates

LOCALLY_ONLY = {"AzureWebJobsStorage"}  # a connection string; Azure reaches storage by identity
# Read by Azure Functions and its Python worker, not by the app.
# https://learn.microsoft.com/azure/azure-functions/functions-app-settings
# https://learn.microsoft.com/azure/azure-functions/functions-reference#configure-an-identity-based-connection
# https://learn.microsoft.com/azure/azure-functions/configure-monitoring#require-microsoft-entra-authentication
OF_AZURE_FUNCTIONS = {
    "AzureWebJobsStorage__blobServiceUri",
    "AzureWebJobsStorage__credential",
    "AzureWebJobsStorage__clientId",
    "AzureWebJobsDisableHomepage",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
    "PYTHON_THREADPOOL_THREAD_COUNT",
}
# https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
NEVER_ON_FLEX = re.compile(
    r"ENABLE_ORYX_BUILD|FUNCTIONS_EXTENSION_VERSION|FUNCTIONS_WORKER_RUNTIME(_VERSION)?"
    r"|FUNCTIONS_MAX_HTTP_CONCURRENCY|FUNCTIONS_WORKER_PROCESS_COUNT"
    r"|FUNCTIONS_WORKER_DYNAMIC_CONCURRENCY_ENABLED|SCM_DO_BUILD_DURING_DEPLOYMENT"
    r"|WEBSITE_CONTENTAZUREFILECONNECTIONSTRING|WEBSITE_CONTENTOVERVNET|WEBSITE_CONTENTSHARE"
    r"|WEBSITE_DNS_SERVER|WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT|WEBSITE_NODE_DEFAULT_VERSION"
    r"|WEBSITE_RUN_FROM_PACKAGE|WEBSITE_SKIP_CONTENTSHARE_VALIDATION|WEBSITE_TIME_ZONE|TZ"
    r"|WEBSITE_VNET_ROUTE_ALL"
)


def of_the_app() -> set[str]:
    """What shared/settings.py reads."""
    return {str(field.alias) for field in Settings.model_fields.values()}


def of_the_sample_forms() -> set[str]:
    """What the sample forms name."""
    files = [ROOT / "forms" / f"{name}.json" for name in sample_forms()]
    return {
        name
        for file in files
        for name in re.findall(r"%(FORM_\w+)%", file.read_text(encoding="utf-8"))
    }


def given_by(templates: Templates) -> dict[str, str]:
    """Name and value, as it stands there, of every setting but those of the parameter files."""
    variables = templates.files["app-settings.bicep"].variables
    given = {**variables["defaults"].value, **variables["given"].value}
    forms = str(templates.main.modules["appSettings"].body["params"]["formSettings"])
    named = dict.fromkeys(re.findall(r"\bFORM_\w+(?=:)", forms), "")
    return {name: str(value) for name, value in {**given, **named}.items()}
