"""What is written from the event catalogue and the queries: `python -m local.monitoring`."""
