"""Forms of hardship files."""
