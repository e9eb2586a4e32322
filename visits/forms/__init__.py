"""Input shapes of pages."""
