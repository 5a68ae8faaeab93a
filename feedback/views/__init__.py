"""The tablet's pages and its interface, and the staff's page of feedback."""
