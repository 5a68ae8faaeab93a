"""What people do about the people on file: record, change, consent, withdraw, refer, answer."""
