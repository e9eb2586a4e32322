"""What upper floors show on pages of lower ones."""

from unionportal.core.common import panels


def attach_panels() -> None:
    """Fill the slots of `common.panels`."""
    for slot, found in visits_panels().items():
        for panel in found:
            panels.attach(slot, panel)


def visits_panels() -> dict[str, tuple[panels.Panel, ...]]:
    """Imported late: models are not loaded before the apps are."""
    from visits.panels import PANELS

    return PANELS
