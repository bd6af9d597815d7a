"""`doi find`, `doi export`, `doi erase`: what people ask about themselves."""
