"""Pages of hardship files."""
