"""The other customers: employers, contacts with them, positions, placements."""
