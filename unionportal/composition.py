"""What upper floors show on pages of lower ones, and apps on their own."""

from unionportal.core.common import panels


def attach_panels() -> None:
    """Fill the slots of `common.panels`."""
    from casework.panels import PANELS as OF_CASEWORK  # models are not loaded before the apps are
    from visits.panels import PANELS as OF_VISITS

    for slot, panel in [*OF_CASEWORK, *OF_VISITS]:
        panels.attach(slot, panel)
