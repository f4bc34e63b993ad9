"""Makes the bundled reader from multilingual-e5-small: data, near misses, training, export."""
