"""The environment itself: what it has, what the app needs there, and making it."""
