"""The chaos run: real processes, real kills, every outage, and every registration accounted for.

People sign up, read their mails and press buttons while the functions host is killed and Dataverse,
the mail server and storage fail by a seeded plan. When all faults have ended and everything has
drained, each registration must have come to its end, and each effect must have happened once.
"""
