"""The rights of a person on file: export, erasure, and who may not be forgotten."""
