"""The desk's pages, one module a room of the screen."""
