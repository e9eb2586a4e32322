"""Publishing an analysis: its text and the figures as they are known at that moment, together or not at all."""

from datetime import date, datetime

from django.db import transaction

from unionportal.core.common import clock
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.reporting.analyses.sheet import read_sheet
from unionportal.reporting.freezing import hold_the_log
from unionportal.reporting.rollups.periods import QUARTER
from unionportal.reporting.rollups.refresh import refresh
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Place
from visits.models import Analysis
from visits.services.analyses import analysis_publish


@transaction.atomic
def analysis_publish_with_figures(
    *, unit: Unit, quarter: date, version: int, text: str, actor: Scope, now: datetime | None = None
) -> Analysis:
    """Publish with every step there is, as a freeze does. Errors as `visits.services.analyses.analysis_publish`; raises Busy."""
    require(actor, "analysis.edit")
    refresh()
    last_step = hold_the_log("发布")
    moment = now or clock.now()
    place = Place(actor, unit, Period(QUARTER, quarter), clock.local_date(moment))
    return analysis_publish(
        unit=unit,
        quarter=quarter,
        version=version,
        text=text,
        figures=read_sheet(place).sheet.kept(),
        known_at=moment,
        last_step=last_step,
        actor=actor,
        now=moment,
    )
