"""The people: consents, plans, responsibility, referrals, outcomes."""
