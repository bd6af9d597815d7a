"""What the simulators of outside systems share: faults, `/_simulator`, keeping data, running."""
