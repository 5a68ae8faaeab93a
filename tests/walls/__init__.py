"""The walls: what the database shows, lets in and refuses when the program's own filters are not there."""
