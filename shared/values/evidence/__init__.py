"""What proves a consent: entries in a hash chain, and where a request came from."""
