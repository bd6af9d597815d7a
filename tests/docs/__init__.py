"""The documentation is held to the code: commands, parameters, links, sums."""
