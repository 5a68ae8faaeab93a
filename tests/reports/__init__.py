"""Figures, the dashboard, the demonstration."""
