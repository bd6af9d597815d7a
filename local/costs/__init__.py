"""What running the app costs, worked out: `python -m local.costs` writes it into the docs."""
