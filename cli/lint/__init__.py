"""The linter of confirmation mails: what courts, laws and RFCs want of one, rule by rule.

It looks at mails as they are really composed, so that a form, a text in the catalogue and a
template are all held to the same rules. Nothing here is deployed with the app.
"""
