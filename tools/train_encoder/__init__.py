"""The recipe of the bundled model; docs/encoder.md tells what was tried."""
