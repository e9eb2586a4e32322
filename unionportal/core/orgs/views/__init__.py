"""Pages of the enterprise register, the unit tree, and what is kept of an enterprise."""
