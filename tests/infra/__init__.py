"""The Bicep files, the workflows and the package, checked without Azure."""
