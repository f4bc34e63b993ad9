"""Settings: one frozen object, read at the edges, plain values handed down."""
