"""What upper floors show on pages of lower ones."""


def attach_panels() -> None:
    """Fill the slots of `common.panels`."""
