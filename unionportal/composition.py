"""What upper floors show on pages of lower ones, and apps on their own."""

from unionportal.core.common import panels


def attach_panels() -> None:
    """Fill the slots of `common.panels`."""
    from casework.panels import PANELS as casework  # models are not loaded before the apps are
    from visits.panels import PANELS as visits

    for slot, panel in (*casework, *visits):
        panels.attach(slot, panel)
