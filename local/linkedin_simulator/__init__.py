"""A local stand-in for LinkedIn's Lead Sync API. A development tool.

It answers as the documentation does
(https://learn.microsoft.com/linkedin/marketing/lead-sync/leadsync), and refuses what LinkedIn would
refuse. Where the documentation contradicts itself, `settings.py` chooses a side. Read `server.py`
(what is served), `world.py` (what is stored), `web_api.py` (which operation does what).
"""

from local.linkedin_simulator.running import RunningLinkedIn

__all__ = ["RunningLinkedIn"]
