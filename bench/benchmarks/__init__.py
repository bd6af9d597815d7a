"""Each measures (numbers as JSON) and presents (a section of the report)."""
