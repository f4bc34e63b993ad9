"""Programs that make what comes with the package."""
