"""What is typed about the team: validated here, saved by actions."""
