"""Change over time: instruments, self-assessments, outcomes, follow-ups."""
