"""The project and its ground floor: settings, servers, trace, live channel; it imports no other app."""
