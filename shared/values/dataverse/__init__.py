"""What a Dataverse environment has, and what the app needs of it."""
