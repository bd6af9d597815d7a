"""A local stand-in for Dataverse with Customer Insights - Journeys. A development tool.

Read `server.py` (what is served), `environment.py` (one request from start to end), `web_api.py`
(which operation does what).
"""

from local.dataverse_simulator.running import RunningDataverse

__all__ = ["RunningDataverse"]
