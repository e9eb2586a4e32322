"""What became of 925 issues: 876 resolved, 22 explained, 15 unresolved, 12 open on the demo's last day. Source: docs/domain.md, "The published figures"."""

from dataclasses import dataclass
from datetime import date
from random import Random

from unionportal.reporting.demo import wording
from unionportal.reporting.demo.firms import Firm
from unionportal.reporting.demo.people import clerk_of
from unionportal.reporting.demo.places import TOWNSHIPS
from unionportal.reporting.demo.records import PlannedIssue, PlannedVisit
from unionportal.reporting.demo.stepping import Fate, Stepper
from unionportal.reporting.demo.timing import Workdays, moment
from unionportal.reporting.demo.visiting import Atlas, random_uuid

ISSUES = 925
RESOLVED, EXPLAINED, UNRESOLVED = 876, 22, 15
BY_HAND = 71
EXPLAINED_AT_ONCE = 13
REOPENED = 14
#: Raised later than this, an ordinary issue would not be through by the last day; what is raised then stands in STANDING.
ORDINARY_UNTIL = date(2025, 1, 8)

#: How likely a category is, and in which months more so.
CATEGORIES: dict[str, tuple[float, dict[int, float]]] = {
    "dues_refund": (8, {3: 1.4, 7: 1.2}),
    "union_building": (9, {4: 1.3, 5: 1.3}),
    "training": (7, {}),
    "recruitment": (7, {2: 2.0, 3: 1.8, 6: 1.3, 7: 1.3}),
    "dispute": (12, {}),
    "wage_arrears": (7, {11: 1.3, 12: 2.4, 1: 3.0, 2: 1.2}),
    "safety": (12, {6: 1.6, 7: 2.2, 8: 2.0, 9: 1.3}),
    "hardship": (9, {1: 1.8, 12: 1.5, 7: 1.3, 8: 1.5}),
    "matchmaking": (4, {5: 1.5, 8: 1.3}),
    "station": (5, {7: 1.8, 8: 1.6, 12: 1.3}),
    "policy": (9, {}),
    "legal": (4, {}),
    "mutual_aid": (5, {10: 1.6, 11: 2.0, 12: 1.5}),
    "childcare": (4, {6: 2.5, 7: 3.0}),
    "proposal": (4, {}),
    "other": (5, {}),
}
#: How much a visit brings to light.
SEASON = {1: 1.25, 2: 0.85, 3: 0.95, 4: 0.9, 5: 0.9, 6: 1.1, 7: 1.4, 8: 1.3, 9: 0.95, 10: 0.85, 11: 1.0, 12: 1.3}
#: Townships differ in how much is raised.
TALKATIVE = {
    "330602012": 1.35,
    "330602014": 1.2,
    "330602013": 1.15,
    "330602002": 0.7,
    "330602016": 0.75,
    "330602108": 1.1,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """An issue that is not through on the last day (or was explained at once): raised on a fixed visit of `visiting.FIXED`."""

    cadre: str
    day: date
    category: str
    state: str  # registered, assigned, in_progress, answered, followed_up, explained
    unit: str = ""  # who holds it; TOWNSHIP: its own
    assigned_on: date | None = None


STANDING: tuple[Standing, ...] = (
    Standing("cadre14", date(2025, 1, 6), "safety", "in_progress", "TOWNSHIP", date(2025, 1, 7)),  # overdue
    Standing("cadre01", date(2025, 1, 8), "policy", "answered", "TOWNSHIP", date(2025, 1, 14)),  # to be followed up
    Standing("cadre12", date(2025, 1, 9), "mutual_aid", "followed_up", "FWZX", date(2025, 1, 10)),  # to be closed
    Standing("cadre11", date(2025, 1, 10), "dispute", "in_progress", "BZQ04", date(2025, 1, 10)),  # due on the 21st
    Standing("cadre01", date(2025, 1, 13), "hardship", "in_progress", "TOWNSHIP", date(2025, 1, 13)),  # due today
    Standing("cadre18", date(2025, 1, 13), "wage_arrears", "in_progress", "QYBZ", date(2025, 1, 13)),  # due on the 22nd
    Standing("cadre09", date(2025, 1, 14), "policy", "explained"),
    Standing("cadre01", date(2025, 1, 15), "training", "in_progress", "TOWNSHIP", date(2025, 1, 15)),  # due on the 22nd
    Standing("cadre19", date(2025, 1, 15), "dispute", "assigned", "BZQ02", date(2025, 1, 15)),  # not signed in time
    Standing("cadre06", date(2025, 1, 16), "other", "explained"),
    Standing("cadre05", date(2025, 1, 16), "safety", "assigned", "XF", date(2025, 1, 17)),
    Standing("cadre15", date(2025, 1, 16), "hardship", "assigned", "QYBZ", date(2025, 1, 17)),
    Standing("cadre12", date(2025, 1, 17), "wage_arrears", "registered"),
    Standing("cadre01", date(2025, 1, 17), "wage_arrears", "registered"),
)
OPEN = sum(1 for s in STANDING if s.state != "explained")
assert RESOLVED + EXPLAINED + UNRESOLVED + OPEN == ISSUES


def raise_issues(visits: list[PlannedVisit], atlas: Atlas, workdays: Workdays) -> list[PlannedIssue]:
    """Put issues on the visits and return those registered by hand, every one with its steps."""
    writer = _Writer(workdays)
    rng = writer.rng
    fixed = {(s.cadre, s.day): s for s in STANDING}
    standing = [(v, fixed.pop((v.cadre, v.day))) for v in visits if (v.cadre, v.day) in fixed]
    ordinary = [v for v in visits if v.day <= ORDINARY_UNTIL]
    from_visits = _spread(ordinary, ISSUES - len(STANDING) - BY_HAND, rng)
    by_hand = [_hand_origin(atlas, workdays, rng) for _ in range(BY_HAND)]
    fates = _fates(len(from_visits) + BY_HAND, rng)
    origins = [_Origin.of_visit(v) for v in from_visits] + by_hand
    found = []
    for origin, fate in writer.matched(origins, fates):
        issue = writer.write(origin, fate)
        (origin.visit.issues if origin.visit else found).append(issue)
    for visit, plan in standing:
        visit.issues.append(writer.write_standing(visit, plan))
    return sorted(found, key=lambda issue: issue.registered_at)


@dataclass(frozen=True, slots=True)
class _Origin:
    """Where an issue comes from."""

    day: date
    township: str
    registrar: str
    visit: PlannedVisit | None
    firm: Firm | None

    @classmethod
    def of_visit(cls, visit: PlannedVisit) -> "_Origin":
        return cls(visit.day, visit.firm.township, visit.cadre, visit, visit.firm)


def _hand_origin(atlas: Atlas, workdays: Workdays, rng: Random) -> _Origin:
    """A call or a walk-in: the township's clerk or the district's staff writes it down."""
    days = [day for day in workdays.days if day <= ORDINARY_UNTIL]
    day = rng.choices(days, weights=[SEASON[d.month] for d in days])[0]
    township = rng.choices(TOWNSHIPS, weights=[t.firms for t in TOWNSHIPS])[0].code
    firm = rng.choice(atlas.by_township[township]) if rng.random() < 0.85 else None
    registrar = "staff" if rng.random() < 0.4 else clerk_of(township)
    return _Origin(day, township, registrar, None, firm)


def _spread(visits: list[PlannedVisit], number: int, rng: Random) -> list[PlannedVisit]:
    """`number` issues over the visits, at most three on one."""
    weights = [
        SEASON[v.day.month] * TALKATIVE.get(v.firm.township, 1.0) * (1.3 if v.firm.is_key else 1.0) for v in visits
    ]
    count = dict.fromkeys(range(len(visits)), 0)
    chosen = []
    while len(chosen) < number:
        index = rng.choices(range(len(visits)), weights=weights)[0]
        if count[index] < 3:
            count[index] += 1
            weights[index] *= 0.35  # a second one on the same visit is rarer
            chosen.append(visits[index])
    return sorted(chosen, key=lambda v: v.logged_at)


def _fates(number: int, rng: Random) -> list[Fate]:
    """How the ordinary issues end, in random order; their sum is the published figure less what stands fixed."""
    at_once = EXPLAINED_AT_ONCE - sum(1 for s in STANDING if s.state == "explained")
    fates = (
        [Fate.EXPLAINED_AT_ONCE] * at_once
        + [Fate.EXPLAINED] * (EXPLAINED - EXPLAINED_AT_ONCE)
        + [Fate.UNRESOLVED] * UNRESOLVED
        + [Fate.REOPENED] * REOPENED
    )
    fates += [Fate.RESOLVED] * (number - len(fates))
    rng.shuffle(fates)
    return fates


class _Writer:
    """Writes an issue down: category, words, steps."""

    def __init__(self, workdays: Workdays) -> None:
        self.workdays = workdays
        self.rng = Random("demo:issues")
        self.book = wording.StoryBook(self.rng)
        self.stepper = Stepper(workdays, self.rng)

    def matched(self, origins: list[_Origin], fates: list[Fate]) -> list[tuple[_Origin, Fate]]:
        """Origins with fates; what is reopened or drags on must have been raised early enough, so fates swap where needed."""
        pairs = list(zip(origins, fates, strict=True))
        early = [i for i, o in enumerate(origins) if o.day < date(2024, 9, 1)]
        for i, (origin, fate) in enumerate(pairs):
            if fate in (Fate.REOPENED, Fate.UNRESOLVED, Fate.EXPLAINED) and origin.day >= date(2024, 12, 1):
                other = next(j for j in self.rng.sample(early, len(early)) if pairs[j][1] is Fate.RESOLVED)
                pairs[i], pairs[other] = (origin, Fate.RESOLVED), (origins[other], fate)
        return pairs

    def write(self, origin: _Origin, fate: Fate) -> PlannedIssue:
        """An ordinary issue, through to its end."""
        issue, story, values = self._issue(origin, self._category(origin, fate), hopeless=fate is Fate.UNRESOLVED)
        self.stepper.to_the_end(issue, story, values, fate, slow=story.slow and origin.day < date(2024, 6, 1))
        return issue

    def write_standing(self, visit: PlannedVisit, plan: Standing) -> PlannedIssue:
        """One of the fixed issues, up to where it stands."""
        issue, story, values = self._issue(_Origin.of_visit(visit), plan.category, hopeless=False)
        if plan.state == "explained":
            self.stepper.to_the_end(issue, story, values, Fate.EXPLAINED_AT_ONCE, slow=False)
        elif plan.state != "registered":
            assert plan.assigned_on is not None
            unit = issue.township if plan.unit == "TOWNSHIP" else plan.unit
            self.stepper.part_of_the_way(issue, story, values, plan.state, unit, plan.assigned_on)
        return issue

    def _category(self, origin: _Origin, fate: Fate) -> str:
        month, section = origin.day.month, origin.firm.industry if origin.firm else "F"
        codes = [
            code for code in CATEGORIES if fate is not Fate.UNRESOLVED or self.book.has_hopeless(code, month, section)
        ]
        return self.rng.choices(codes, weights=[CATEGORIES[c][0] * CATEGORIES[c][1].get(month, 1) for c in codes])[0]

    def _issue(
        self, origin: _Origin, category: str, *, hopeless: bool
    ) -> tuple[PlannedIssue, wording.Story, dict[str, object]]:
        section = origin.firm.industry if origin.firm else "F"
        story = self.book.pick(category, origin.day.month, section, hopeless=hopeless)
        values = wording.slots(self.rng, origin.firm)
        registered_at = origin.visit.logged_at if origin.visit else moment(origin.day, self.rng, (9, 0), (16, 30))
        issue = PlannedIssue(
            uuid=random_uuid(self.rng),
            category=category,
            title=story.title.format_map(values),
            description=story.text.format_map(values),
            township=origin.township,
            firm=origin.firm,
            received_on=origin.day,
            registered_at=registered_at,
            registrar=origin.registrar,
        )
        return issue, story, values
