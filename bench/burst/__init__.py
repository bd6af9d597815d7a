"""A burst of registrations, simulated: what the limits of Azure and Dynamics 365 make of it."""
