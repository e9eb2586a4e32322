"""The whole demo as plain data, the same at every call: nothing here touches a case in the database."""

from datetime import datetime
from random import Random

from unionportal.reporting.demo import wording
from unionportal.reporting.demo.activities import plan_activities
from unionportal.reporting.demo.casebook import raise_issues
from unionportal.reporting.demo.firms import firms
from unionportal.reporting.demo.mediating import mediations
from unionportal.reporting.demo.people import people
from unionportal.reporting.demo.records import Plan, PlannedJournal, PlannedVisit
from unionportal.reporting.demo.timing import Workdays, moment
from unionportal.reporting.demo.visiting import Atlas, plan_visits

CHECK_OF = {
    "dispute": "rights",
    "wage_arrears": "rights",
    "legal": "rights",
    "safety": "employment",
    "recruitment": "employment",
    "hardship": "assistance",
    "mutual_aid": "assistance",
    "childcare": "assistance",
    "union_building": "vitality",
    "dues_refund": "vitality",
    "matchmaking": "morale",
    "other": "morale",
}
CHECKS = ("morale", "vitality", "employment", "assistance", "rights")


def make_plan() -> Plan:
    """Reads only the workday calendar."""
    workdays = Workdays()
    atlas = Atlas(firms(Random("demo:firms")))
    visits = plan_visits(atlas, workdays)
    by_hand = raise_issues(visits, atlas, workdays)
    _describe(visits)
    plan = Plan(
        people=people(Random("demo:people")),
        firms=atlas.firms,
        visits=visits,
        by_hand=by_hand,
        journals=_journals(visits, workdays),
    )
    plan.activities = plan_activities(plan.issues, plan.firms, workdays)
    plan.mediations = mediations(plan.issues, workdays)
    return plan


def _describe(visits: list[PlannedVisit]) -> None:
    """Kind, who was met, the five checks and the report of every visit."""
    rng = Random("demo:words")
    raised: dict[str, datetime] = {}
    for visit in visits:
        earlier = raised.get(visit.firm.credit_code)
        recent = earlier is not None and (visit.logged_at - earlier).days <= 90
        visit.kind = "follow_up" if recent and rng.random() < 0.55 else _kind(rng, visit)
        visit.mode = rng.choices(("on_site", "meeting", "phone"), weights=(88, 9, 3))[0]
        visit.met = wording.met(rng)
        visit.headcount = rng.choices((1, 2, 3, 5), weights=(52, 36, 9, 3))[0]
        problems = {CHECK_OF.get(issue.category) for issue in visit.issues}
        visit.checks = {name: _check(rng, bad=name in problems) for name in CHECKS}
        visit.narrative = wording.narrative(
            rng,
            visit.firm,
            visit.day.month,
            met=visit.met,
            issues=len(visit.issues),
            follow_up=visit.kind == "follow_up",
        )
        if visit.issues:
            raised[visit.firm.credit_code] = visit.logged_at


def _kind(rng: Random, visit: PlannedVisit) -> str:
    cold, hot = visit.day.month in (1, 2), visit.day.month in (7, 8)
    weights = (82, 3, 8 if hot else 5, 4, 9 if cold or hot else 1)
    return rng.choices(("routine", "stay", "inspection", "briefing", "condolence"), weights=weights)[0]


def _check(rng: Random, *, bad: bool) -> str:
    if bad:
        return "problem"
    return rng.choices(("good", "not_seen", "problem"), weights=(80, 16, 4))[0]


def _journals(visits: list[PlannedVisit], workdays: Workdays) -> list[PlannedJournal]:
    """One journal a cadre for every week with visits, handed in on its last workday or on the next Monday morning."""
    rng, reader = Random("demo:journals"), Random("demo:journals read")
    weeks = list(workdays.weeks())
    made: dict[tuple[str, tuple[int, int]], list[PlannedVisit]] = {}
    for visit in visits:
        made.setdefault((visit.cadre, visit.day.isocalendar()[:2]), []).append(visit)
    found = []
    for number, week in enumerate(weeks):
        for (cadre, iso), those in made.items():
            if iso != week.iso:
                continue
            late = rng.random() < 0.18 and number + 1 < len(weeks)
            day = weeks[number + 1].days[0] if late else week.days[-1]
            span = ((8, 35), (10, 30)) if late else ((16, 25), (17, 50))
            read_on = weeks[number + 1].days[0] if number + 1 < len(weeks) else None
            found.append(
                PlannedJournal(
                    cadre=cadre,
                    year=iso[0],
                    week=iso[1],
                    at=moment(day, rng, *span),
                    reflections=wording.reflections(rng, visits=len(those), issues=sum(len(v.issues) for v in those)),
                    next_plan=wording.next_plan(rng),
                    approved_at=moment(read_on, reader, (14, 0), (16, 30)) if read_on else None,
                    remark=wording.remark(reader),
                )
            )
    return sorted(found, key=lambda j: (j.at, j.cadre))
