"""Measures the product against its budgets on one machine; `make bench` runs it."""
