"""What people do about the team: days, opening hours, shifts, users, devices, calls for help."""
