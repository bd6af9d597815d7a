"""`doi mail`: the confirmation mail, held to the law and sent to see that it arrives."""
