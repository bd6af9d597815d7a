"""`doi`: the operator's command line, on top of shared/."""
