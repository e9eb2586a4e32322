"""Pages of `casework`, one file a behaviour."""
