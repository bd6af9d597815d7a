"""`doi linkedin`: lead forms, subscriptions, leads, signing in, and what is missing."""
