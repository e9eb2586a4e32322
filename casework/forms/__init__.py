"""Forms of `casework`, one file a behaviour."""
