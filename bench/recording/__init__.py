"""Everything that the app and its host ask of storage, written down on the way there."""
