"""Settings as a deployed app has them."""

from shared.examined_settings import find_settings
from shared.values.settings_found import SettingsFound
from tests.values.test_settings import IN_AZURE, SECRET

DEPLOYED = IN_AZURE | {
    "AZURE_CLIENT_ID": "22222222-0000-0000-0000-000000000000",
    "PYTHON_THREADPOOL_THREAD_COUNT": "32",
    "WEBSITE_SITE_NAME": "doi",
}
LOCAL_SECRET = "for-local-use-only-pepper-32-bytes-long"
REFERENCE = "@Microsoft.KeyVault(SecretUri=https://contoso.vault.azure.net/secrets/pepper)"

__all__ = ["DEPLOYED", "LOCAL_SECRET", "REFERENCE", "SECRET", "found"]


def found(**changes: str) -> SettingsFound:
    """After a change; "" leaves a setting out."""
    return find_settings({**DEPLOYED, **changes})
