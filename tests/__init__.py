"""The tests; a package so that they can share the local Bot API server."""
