"""Screens of the team: roster, colleagues, own settings, users, devices, opening hours, public pages."""
