"""Load from a process of its own: it shares no interpreter with what it measures."""
