"""Who we are and when we are open: organisations, people, roles, points, days, shifts, devices."""
