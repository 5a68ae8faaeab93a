"""The tablet at the door: questions, answers, what was done about them."""
