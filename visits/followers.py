"""What of visits goes along when an enterprise is merged into another."""

from datetime import datetime

from unionportal.core.common.scope import Scope
from unionportal.core.orgs.merging import Follower
from unionportal.core.orgs.models import Enterprise
from visits.models import ActivityVisit, AgendaItem, PlannedVisit, Visit
from visits.services.visits import words_of


def visit_retie(visit: Visit, main: Enterprise, reason: str, actor: Scope, now: datetime) -> None:
    """A visit is found by the name of its enterprise; where and when it took place stays as it was written down."""
    visit.enterprise = main
    visit.search_tokens = words_of(visit)
    visit.save(update_fields=["enterprise", "search_tokens"])


FOLLOWERS = (
    Follower("走访", Visit, take=visit_retie),
    Follower("带入走访的活动", ActivityVisit, stays=True),
    Follower("月交流议题", AgendaItem, stays=True),
    Follower("计划走访", PlannedVisit, stays=True),
)
