"""The API's description, OpenAPI 3.1: `openapi.json` beside this file, with this app's address."""

import functools
import json
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("openapi.json")


@functools.cache
def openapi_document(public_url: str) -> str:
    """The whole document as JSON."""
    document: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))
    document["servers"] = [{"url": f"{public_url}/api"}]
    return json.dumps(document, ensure_ascii=False)
