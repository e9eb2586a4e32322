"""Who visited whom when: 1833 calls on enterprises over 94 weeks, every key enterprise among them."""

from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from unionportal.reporting.demo import people
from unionportal.reporting.demo.firms import Firm
from unionportal.reporting.demo.records import PlannedVisit
from unionportal.reporting.demo.timing import Week, Workdays, moment

VISITS = 1833
#: The heat of summer and the weeks before Spring Festival bring more calls; the weeks after it fewer.
SEASON = {1: 1.10, 2: 0.85, 3: 0.98, 4: 0.97, 5: 1.0, 6: 1.05, 7: 1.12, 8: 1.10, 9: 1.0, 10: 0.93, 11: 1.0, 12: 1.08}
KEY_SHARE = 0.44
NOT_AGAIN = timedelta(days=40)

#: Visits that raise what is open (or explained at once) on the demo's last day: cadre, day, township. `casebook` continues them.
FIXED: tuple[tuple[str, date, str], ...] = (
    ("cadre14", date(2025, 1, 6), "330602014"),
    ("cadre01", date(2025, 1, 8), "330602001"),
    ("cadre12", date(2025, 1, 9), "330602012"),
    ("cadre11", date(2025, 1, 10), "330602011"),
    ("cadre01", date(2025, 1, 13), "330602001"),
    ("cadre18", date(2025, 1, 13), "330602013"),
    ("cadre09", date(2025, 1, 14), "330602009"),
    ("cadre01", date(2025, 1, 15), "330602001"),
    ("cadre19", date(2025, 1, 15), "330602012"),
    ("cadre06", date(2025, 1, 16), "330602007"),
    ("cadre05", date(2025, 1, 16), "330602006"),
    ("cadre15", date(2025, 1, 16), "330602015"),
    ("cadre12", date(2025, 1, 17), "330602012"),
    ("cadre01", date(2025, 1, 17), "330602001"),
)


def random_uuid(rng: Random) -> UUID:
    """A version 4 id from the seeded source."""
    return UUID(int=rng.getrandbits(128), version=4)


class Atlas:
    """Firms by township, and which of them a cadre answers for on a day."""

    def __init__(self, firms: list[Firm]) -> None:
        self.firms = firms
        self.by_township: dict[str, list[Firm]] = {}
        for firm in firms:
            self.by_township.setdefault(firm.township, []).append(firm)
        self.kept = self.by_township[people.HAND_OVER_TOWNSHIP][0]
        self.single = {cadre: self.by_township[township][0] for cadre, township in people.SINGLE_POSTINGS}

    def of(self, cadre: str, on: date) -> list[Firm]:
        """Every enterprise the cadre may call on that day."""
        if cadre == people.HAND_OVER_FROM and on >= people.HAND_OVER_ON:
            return [self.kept]
        townships = [t for t in self.by_township if cadre in people.posted_cadres(t, on)]
        found = [firm for township in townships for firm in self.by_township[township]]
        return found + ([self.single[cadre]] if cadre in self.single else [])


def plan_visits(atlas: Atlas, workdays: Workdays) -> list[PlannedVisit]:
    """All visits in order of being logged, still without texts and issues."""
    rng = Random("demo:visits")
    slots = sorted(_slots(workdays, rng))
    chooser = _Chooser(atlas, rng)
    fixed = {(cadre, day): township for cadre, day, township in FIXED}
    visits = []
    for day, cadre in slots:
        firm = chooser.choose(cadre, day, fixed.get((cadre, day)))
        logged = _logged_at(day, workdays, rng)
        visits.append(PlannedVisit(uuid=random_uuid(rng), cadre=cadre, day=day, logged_at=logged, firm=firm))
    return sorted(visits, key=lambda v: (v.logged_at, v.cadre))


def _slots(workdays: Workdays, rng: Random) -> list[tuple[date, str]]:
    """(day, cadre) of every visit: by keenness and season, then trimmed or filled to the published number."""
    must = [(day, cadre) for cadre, day, _ in FIXED]
    taken = set(must)
    found: list[tuple[date, str]] = []
    spare: list[tuple[date, str]] = []
    for week in workdays.weeks():
        for cadre, keenness in people.KEENNESS.items():
            already = sum(1 for day, who in must if who == cadre and day in week.days)
            wanted = max(0, _number(week, cadre, keenness, rng) - already)
            days = [day for day in rng.sample(week.days, len(week.days)) if (day, cadre) not in taken]
            found += [(day, cadre) for day in days[:wanted]]
            if len(week.days) > 2 and wanted + already == 0 and not _gone(cadre, week):
                spare.append((days[0], cadre))
    rng.shuffle(found)
    rng.shuffle(spare)
    room = VISITS - len(must)
    return must + found[:room] + spare[: max(0, room - len(found))]


def _number(week: Week, cadre: str, keenness: float, rng: Random) -> int:
    if _gone(cadre, week):
        keenness = 0.25  # one enterprise is left to look after
    expected = keenness * SEASON[week.monday.month] * min(1.0, (len(week.days) + 1) / 5)
    if len(week.days) <= 2:
        expected *= 0.3  # a week with hardly a workday carries no quota
    whole = int(expected)
    return min(len(week.days), whole + (rng.random() < expected - whole) + (rng.random() < 0.06))


def _gone(cadre: str, week: Week) -> bool:
    return cadre == people.HAND_OVER_FROM and week.days[-1] >= people.HAND_OVER_ON


def _logged_at(day: date, workdays: Workdays, rng: Random) -> datetime:
    """Mostly the same afternoon; now and then the next morning, if that is still the same week."""
    index = workdays.index(day)
    if rng.random() < 0.12 and index + 1 < len(workdays.days):
        following = workdays.days[index + 1]
        if following.isocalendar()[:2] == day.isocalendar()[:2]:
            return moment(following, rng, (8, 35), (10, 30))
    return moment(day, rng, (10, 40), (16, 20))


class _Chooser:
    """Key enterprises by turns, longest unvisited first; others by size, not again within weeks."""

    def __init__(self, atlas: Atlas, rng: Random) -> None:
        self.atlas, self.rng = atlas, rng
        self.last: dict[str, date] = {}

    def choose(self, cadre: str, day: date, township: str | None) -> Firm:
        firms = [f for f in self.atlas.of(cadre, day) if township in (None, f.township)]
        keys = [f for f in firms if f.is_key]
        if keys and self.rng.random() < KEY_SHARE:
            firm = min(keys, key=lambda f: (self.last.get(f.credit_code, date.min), f.credit_code))
        else:
            rested = [f for f in firms if day - self.last.get(f.credit_code, date.min) > NOT_AGAIN] or firms
            firm = self.rng.choices(rested, weights=[40 + min(f.employees, 500) for f in rested])[0]
        self.last[firm.credit_code] = day
        return firm
