"""The plan past one machine: what it rests on, its arithmetic, its tables."""
