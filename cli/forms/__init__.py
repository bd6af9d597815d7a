"""`doi forms`: the form files, checked and shown, without anything outside."""
