"""`doi dataverse`: the security role and the registration table."""
