"""Screens of the people on file: search, a person's page, consents, referrals."""
