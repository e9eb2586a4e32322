"""Figures kept beside the issues: leaf cells, wide rows, and how both follow the event log (docs/figures.md)."""
