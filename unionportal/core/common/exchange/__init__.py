"""Kinds of tables that can be taken out and brought in. They live in their apps; the composition root registers them; `core.jobs` runs them."""
