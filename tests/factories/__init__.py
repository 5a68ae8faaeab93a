"""Rows for tests: one factory a model, minimal and valid; situations are Traits."""
