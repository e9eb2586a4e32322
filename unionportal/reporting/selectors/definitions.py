"""What the figures of a page mean, by the version they were counted by: that of the freeze where they are frozen."""

from collections.abc import Iterable
from dataclasses import dataclass

from unionportal.core.common.formats import zh_day
from unionportal.reporting.definitions import Edition
from unionportal.reporting.measures import BY_ID, Definition, edition, versions_now
from unionportal.reporting.models import Freeze


@dataclass(frozen=True, slots=True)
class Said:
    """A definition in one of its versions."""

    means: Definition
    edition: Edition

    @property
    def parts(self) -> tuple[Definition, Definition] | None:
        """Numerator and denominator of a share."""
        numerator = getattr(self.means, "numerator", "")
        return (BY_ID[numerator], BY_ID[getattr(self.means, "denominator", "")]) if numerator else None

    @property
    def since(self) -> str:
        """第 2 版，2024年1月1日起"""
        return f"第 {self.edition.version} 版，{zh_day(self.edition.effective_on)}起"


def said(measure: str, freeze: Freeze | None = None) -> Said:
    """A definition as it is, or as it was when a month was frozen."""
    means = BY_ID[measure]
    kept = freeze is not None and measure in versions_now()
    return Said(means, edition(means, freeze.version_of(measure) if freeze is not None and kept else means.version))


def versions_of(measures: Iterable[str], freeze: Freeze | None) -> tuple[tuple[str, int], ...]:
    """Each measure with the version it is counted by."""
    return tuple((measure, said(measure, freeze).edition.version) for measure in measures)


def version_words(freeze: Freeze) -> str:
    """By which versions a freeze counted: 收集录入第 2 版，其余第 1 版."""
    later = [(measure, freeze.version_of(measure)) for measure in versions_now() if freeze.version_of(measure) > 1]
    named = "、".join(f"{BY_ID[measure].name}第 {version} 版" for measure, version in later)
    return f"{named}，其余第 1 版" if named else "第 1 版"
