"""Figures read from everything, read by nobody; demo and bench data."""
