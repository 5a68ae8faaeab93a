"""Forms of the desk: they validate and never save."""
