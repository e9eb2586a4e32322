"""Which enterprises a cadre might visit in a week, and why: a score of a few parts, each with its words and its points.

The points are parameters (group 周计划), as they hold on the day the suggestions are made for. Source: docs/domain.md, "The week plan".
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from casework.clocks import workdays_left
from casework.models import Issue
from casework.workflow import OPEN_STATES, State
from unionportal.core.accounts.models import Posting
from unionportal.core.common.formats import due_words, zh_short
from unionportal.core.orgs.models import Enterprise
from unionportal.core.params.values import value, word
from visits.coverage import last_visit
from visits.models import PlannedVisit, Visit

SUNDAY = timedelta(days=6)
KINDS = {str(label): code for code, label in Visit.Kind.choices}
#: Parameter prefix of a season -> what is brought then, in words.
SEASONS = {"heat": "高温季，送清凉", "cold": "岁末寒冬，送温暖"}


@dataclass(frozen=True, slots=True)
class Season:
    """A season that is on: what is said of it, the kind of visit it calls for, and its first day."""

    words: str
    kind: str
    since: date


@dataclass(frozen=True, slots=True)
class Rules:
    """The parameters on one day."""

    points_week: int
    weeks_most: int
    points_key: int
    points_issue: int
    points_follow_up: int
    points_season: int
    key_gap_days: int
    season: Season | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an enterprise. `greeted`: it had a visit of the season's kind in this season."""

    is_key: bool
    last_visit_on: date | None
    open_issues: int
    follow_up_due_on: date | None
    greeted: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One part of a score."""

    words: str
    points: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An enterprise worth a visit. `kind` is the kind of visit the reasons call for."""

    enterprise: Enterprise
    kind: str
    reasons: tuple[Reason, ...]
    last_visit_on: date | None

    @property
    def score(self) -> int:
        return sum(reason.points for reason in self.reasons)

    @property
    def words(self) -> str:
        """已 42 天未走访 · 2 件未办结 · 高温季，送清凉."""
        return " · ".join(reason.words for reason in self.reasons)

    @property
    def kind_label(self) -> str:
        return str(Visit.Kind(self.kind).label)


def rules_on(day: date) -> Rules:
    """The parameters in force on a day, and the season it lies in."""
    numbers = ("points_week", "weeks_most", "points_key", "points_issue", "points_follow_up", "points_season")
    found = {name: int(value(f"plan.{name}", on=day)) for name in numbers}
    season = season_on(day) if found["points_season"] else None
    return Rules(**found, key_gap_days=int(value("visits.key_gap_days", on=day)), season=season)


def season_on(day: date) -> Season | None:
    """The season of a day by the parameters; one may run over the turn of the year."""
    for name, words in SEASONS.items():
        first, last = (int(value(f"plan.{name}_{edge}", on=day)) for edge in ("from", "until"))
        over_new_year = first > last
        inside = day.month >= first or day.month <= last if over_new_year else first <= day.month <= last
        if inside:
            year = day.year - (over_new_year and day.month <= last)
            return Season(words, KINDS[word(f"plan.{name}_kind", on=day)], date(year, first, 1))
    return None


def reasons_for(facts: Facts, rules: Rules, *, today: date, sunday: date) -> tuple[Reason, ...]:
    """The parts of an enterprise's score, in the order they are read out. What gives no points is still said."""
    reasons = []
    days = (today - facts.last_visit_on).days if facts.last_visit_on else None
    weeks = rules.weeks_most if days is None else min(max(days, 0) // 7, rules.weeks_most)
    if days is None:
        reasons.append(Reason("还没有走访过", weeks * rules.points_week))
    elif weeks:
        reasons.append(Reason(f"已 {days} 天未走访", weeks * rules.points_week))
    if facts.is_key and (days is None or days > rules.key_gap_days):
        reasons.append(Reason("重点企业", rules.points_key))
    if facts.open_issues:
        reasons.append(Reason(f"{facts.open_issues} 件未办结", facts.open_issues * rules.points_issue))
    if facts.follow_up_due_on is not None and facts.follow_up_due_on <= sunday:
        reasons.append(Reason(_follow_up_words(facts.follow_up_due_on, today), rules.points_follow_up))
    if rules.season is not None and not facts.greeted:
        reasons.append(Reason(rules.season.words, rules.points_season))
    return tuple(reasons)


def suggestions(cadre_id: int, monday: date, today: date) -> list[Suggestion]:
    """The enterprises of the cadre's postings of that week (stand-ins included) by score, the longest wait first among equals.

    Left out: what the cadre has planned or visited in that week, and what nothing speaks for. One query beside the kept parameters.
    """
    day, sunday = max(today, monday), monday + SUNDAY
    if sunday < today:
        return []
    rules = rules_on(day)
    rows = list(_candidates(cadre_id, day, sunday, monday, rules))
    found = [_suggestion(row, rules, today, sunday) for row in rows]
    ranked = sorted((each for each in found if each.score), key=_rank)
    return ranked[: int(value("plan.suggestions", on=day))]


def _suggestion(row: Any, rules: Rules, today: date, sunday: date) -> Suggestion:
    facts = Facts(row.is_key, row.last_visit_on, row.open_issues, row.follow_up_due_on, row.greeted)
    reasons = reasons_for(facts, rules, today=today, sunday=sunday)
    return Suggestion(row, _kind(facts, rules, sunday), reasons, row.last_visit_on)


def _kind(facts: Facts, rules: Rules, sunday: date) -> str:
    """A follow-up that is due goes before the season, the season before everyday."""
    if facts.follow_up_due_on is not None and facts.follow_up_due_on <= sunday:
        return Visit.Kind.FOLLOW_UP
    return rules.season.kind if rules.season is not None and not facts.greeted else Visit.Kind.ROUTINE


def _rank(each: Suggestion) -> tuple[int, date, str, int]:
    return -each.score, each.last_visit_on or date.min, each.enterprise.pinyin_key, each.enterprise.pk


def _follow_up_words(due: date, today: date) -> str:
    return f"回访{due_words(workdays_left(due, today))}" if due <= today else f"{zh_short(due)}前回访"


def _candidates(cadre_id: int, day: date, sunday: date, monday: date, rules: Rules) -> Iterable[Any]:
    postings = Posting.objects.answered_between(cadre_id, day, sunday)
    in_postings = Q(township__in=postings.exclude(township=None).values("township")) | Q(
        pk__in=postings.exclude(enterprise=None).values("enterprise")
    )
    planned = PlannedVisit.objects.filter(cadre_id=cadre_id, enterprise=OuterRef("pk")).between(monday, sunday)
    visited = Visit.objects.filter(cadre_id=cadre_id, enterprise=OuterRef("pk"), visited_on__range=(monday, sunday))
    return (
        Enterprise.objects.filter(in_postings, ~Exists(planned), ~Exists(visited), is_active=True)
        .select_related("township")
        .defer("search_tokens")
        .annotate(
            last_visit_on=last_visit(),
            open_issues=Coalesce(_of_issues(Issue.objects.filter(state__in=OPEN_STATES), Count("pk")), 0),
            follow_up_due_on=_of_issues(
                Issue.objects.filter(state=State.ANSWERED, followed_up_on__isnull=True), Min("follow_up_due_on")
            ),
            greeted=Exists(_greetings(rules.season)),
        )
    )


def _of_issues(issues: QuerySet[Issue], what: Any) -> Subquery:
    """Something about an enterprise's issues of a kind."""
    rows = issues.filter(enterprise=OuterRef("pk")).order_by().values("enterprise")
    return Subquery(rows.annotate(found=what).values("found"))


def _greetings(season: Season | None) -> QuerySet[Visit]:
    """Visits of the season's kind to an enterprise since the season began; none outside a season."""
    if season is None:
        return Visit.objects.none()
    return Visit.objects.filter(enterprise=OuterRef("pk"), kind=season.kind, visited_on__gte=season.since)
