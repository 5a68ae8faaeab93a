"""Tests: rules stated by name, on a real PostgreSQL."""
