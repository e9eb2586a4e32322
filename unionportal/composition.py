"""What upper floors show on pages of lower ones."""

from unionportal.core.common import panels


def attach_panels() -> None:
    """Fill the slots of `common.panels`."""
    from visits.panels import PANELS  # models are not loaded before the apps are

    for slot, panel in PANELS:
        panels.attach(slot, panel)
