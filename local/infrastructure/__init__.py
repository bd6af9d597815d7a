"""Reads the Bicep files of infra/ without Azure: for their checks and for the docs' diagram."""
