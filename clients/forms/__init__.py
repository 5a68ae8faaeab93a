"""What is typed about people: validated here, saved by actions."""
