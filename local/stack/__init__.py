"""What dev.py is made of: set-up, start and checks. Standard library only, as nothing is installed
when these modules run."""
