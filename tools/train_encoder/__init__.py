"""The recipe of the bundled model; docs/encoder.md tells how to run it."""
