"""What has to be there before the first visitor comes, each with the step that mends it."""
