"""The server as a real process, asked over real sockets."""
