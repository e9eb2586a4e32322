"""Forms of the register, split by page."""
