"""Bulk rows for benchmarks: the demo's district, and as many issues and visits as wanted, by INSERT … SELECT.

Deterministic, but not lived through: no audit trail, no refusals, the same few stories over and over. Only for a database whose name ends in `_scale`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import connections, transaction

from casework.models import Category, Issue
from unionportal.core.accounts.models import Posting, RoleGrant, User
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.search import bigrams, pinyin_key
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.workcal.days import is_workday
from unionportal.core.workcal.demo_clock import start_demo_clock
from unionportal.reporting.demo import people, places, wording
from unionportal.reporting.demo.casebook import CATEGORIES
from unionportal.reporting.demo.firms import credit_code, firms
from unionportal.reporting.demo.scale_sql import EVENTS, ISSUES, JOURNALS, NOTES, STORY_TABLE, VISITS
from unionportal.reporting.rollups.refresh import recompute
from visits.models import Visit

SUFFIX = "_scale"
LAST_DAY = date(2025, 1, 17)
STARTS_AT = datetime(2025, 1, 20, 9, 0, tzinfo=SHANGHAI)
DAYS_A_MONTH = 30.44

#: What is written by the million: without indexes and foreign keys, which are made anew at the end in a fraction of the time.
BULK_TABLES = ["casework_issue", "casework_issueevent", "casework_issuenote", "visits_visit"]

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Shape:
    """How much of what. `months` is how far back it goes; townships and categories beyond the demo's are made up."""

    issues: int
    visits: int
    months: int
    townships: int = len(places.TOWNSHIPS)
    categories: int = len(CATEGORIES)


class Refused(Exception):
    """This database is not one for benchmarks, or holds something else already."""


def check_place() -> None:
    """Raise `Refused` unless the database is named as one for benchmarks and holds no issues, visits or accounts."""
    name = connections["default"].settings_dict["NAME"]
    if not name.endswith(SUFFIX):
        raise Refused(f"数据库“{name}”不是压测库：库名须以 {SUFFIX} 结尾。请新建一个，用 DATABASE_URL 指向它并先迁移。")
    if Issue.objects.exists() or Visit.objects.exists() or User.objects.exists():
        raise Refused(f"压测库“{name}”里已有数据，请删除后重新建库。")


@contextmanager
def bare_tables() -> Iterator[None]:
    """Take the indexes and foreign keys off the bulk tables, as their owner, and put them back."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(_FOREIGN_KEYS, [BULK_TABLES])
        keys = cursor.fetchall()
        cursor.execute(_INDEXES, [BULK_TABLES])
        indexes = cursor.fetchall()
        for table, name, _ in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '512MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


_FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s) ORDER BY 1, 2"""
_INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid::regclass::text = ANY(%s) AND NOT i.indisprimary
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid) ORDER BY 1"""


@transaction.atomic
def seed(shape: Shape, *, password: str, say: Say) -> None:
    """Fill the database. Figures are computed by `finish`."""
    issues, visits = shape.issues, shape.visits
    say("单位、企业、账号…")
    _district(password, shape.townships)
    _more_categories(shape.categories)
    days = _workdays(shape.months)
    with connections["default"].cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE scale_day (n int PRIMARY KEY, day date) ON COMMIT DROP")
        cursor.executemany("INSERT INTO scale_day VALUES (%s, %s)", list(enumerate(days)))
        _stories(cursor)
        say(f"{issues} 件诉求…")
        cursor.execute(ISSUES, {"issues": issues, "days": len(days)})
        cursor.execute(
            "INSERT INTO casework_issuecounter (year, last) SELECT substr(code, 4, 4)::int, count(*) FROM casework_issue GROUP BY 1"
        )
        say("办理过程…")
        cursor.execute(NOTES)
        cursor.execute(EVENTS)
        say(f"{visits} 次走访…")
        cursor.execute(VISITS["rows"], {"visits": visits, "days": len(days)})
        cursor.execute(JOURNALS)
        cursor.execute(VISITS["insert"])
    start_demo_clock(at=STARTS_AT)


def finish(say: Say) -> None:
    """After the commit: what autovacuum would do within minutes (as the tables' owner), then every figure."""
    say("统计信息与报表…")
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    recompute()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _workdays(months: int) -> list[date]:
    span = max(1, round(months * DAYS_A_MONTH))
    return [day for n in range(span, -1, -1) if is_workday(day := LAST_DAY - timedelta(days=n))]


def _district(password: str, townships: int) -> None:
    """Units, enterprises, accounts and postings as in the demo, written in bulk."""
    units: dict[str, Unit] = {}

    def add(code: str, kind: str, name: str, short_name: str, parent: Unit | None) -> None:
        units[code] = Unit.objects.create(code=code, kind=kind, name=name, short_name=short_name, parent=parent)

    add(places.CITY[0], "city", *places.CITY[1:], None)
    add(places.DISTRICT[0], "district", *places.DISTRICT[1:], units[places.CITY[0]])
    district = units[places.DISTRICT[0]]
    for township in places.TOWNSHIPS:
        add(township.code, "township", f"{township.name}总工会", township.name, district)
    for code, kind, name, short_name in places.HANDLING_UNITS:
        add(code, kind, name, short_name, district)
    extra = [f"{district.code}{200 + n}" for n in range(townships - len(places.TOWNSHIPS))]
    for n, code in enumerate(extra, start=1):
        add(code, "township", f"演示{n:02}街道总工会", f"演示{n:02}街道", district)
    Enterprise.objects.bulk_create([*_enterprises(units), *_made_up_enterprises(units, extra)])
    encoded = make_password(password or None)
    persons = people.people(Random("demo:people"))
    users = User.objects.bulk_create(
        User(
            username=p.username,
            display_name=p.display_name,
            pinyin_key=pinyin_key(p.display_name),
            password=encoded,
            password_is_shared=bool(password),
        )
        for p in persons
    )
    by_name = {user.username: user for user in users}
    RoleGrant.objects.bulk_create(RoleGrant(user=by_name[p.username], role=p.role, unit=units[p.unit]) for p in persons)
    Posting.objects.bulk_create(
        Posting(cadre=by_name[cadre], township=units[f"{district.code}{digits}"], start_on=date(2000, 1, 3))
        for cadre, digits_of in people.TOWNSHIPS_OF.items()
        for digits in digits_of
    )
    cadres = sorted(people.TOWNSHIPS_OF)
    Posting.objects.bulk_create(
        Posting(cadre=by_name[cadres[n % len(cadres)]], township=units[code], start_on=date(2000, 1, 3))
        for n, code in enumerate(extra)
    )


def _enterprises(units: dict[str, Unit]) -> list[Enterprise]:
    found = []
    for firm in firms(Random("demo:firms")):
        enterprise = Enterprise(
            credit_code=firm.credit_code,
            name=firm.name,
            township=units[firm.township],
            is_key=firm.is_key,
            industry=firm.industry,
            address=firm.address,
            employees=firm.employees,
            union_state=firm.union_state,
            union_members=firm.union_members,
        )
        enterprise.fill_search()
        found.append(enterprise)
    return found


#: Enterprises a made-up township has; the demo's townships have some sixty each.
_FIRMS_OF_EXTRA = 60


def _made_up_enterprises(units: dict[str, Unit], codes: list[str]) -> list[Enterprise]:
    made = []
    for number in range(len(codes) * _FIRMS_OF_EXTRA):
        name = f"越城演示第{number + 1}工坊有限公司{places.MARK}"
        enterprise = Enterprise(
            credit_code=credit_code(3000 + number), name=name, township=units[codes[number // _FIRMS_OF_EXTRA]]
        )
        enterprise.fill_search()
        made.append(enterprise)
    return made


def _more_categories(categories: int) -> None:
    Category.objects.bulk_create(
        Category(code=f"scale_{n:02}", name=f"演示类别{n:02}", promise_workdays=5, position=200 + n)
        for n in range(1, categories - Category.objects.count() + 1)
    )


def _stories(cursor) -> None:
    """One row a story and weight, with its search tokens made once."""
    rng = Random("scale:stories")
    categories = {c.code: c.pk for c in Category.objects.all()}
    cursor.execute(STORY_TABLE)
    rows = []
    for story in wording.StoryBook(rng).stories:
        values = wording.slots(rng, None)
        title, text = story.title.format_map(values), story.text.format_map(values)
        answer = story.answers[0].format_map(values)
        for _ in range(round(CATEGORIES[story.category][0])):
            rows.append((len(rows), categories[story.category], title, text, answer, bigrams(f"{title} {text}")))
    made_up = [pk for code, pk in categories.items() if code not in CATEGORIES]
    for n in range(len(made_up) * len(rows) // len(CATEGORIES)):  # as many on the average as the demo's own
        rows.append((len(rows), made_up[n % len(made_up)], *rows[n % len(rows)][2:]))
    cursor.executemany("INSERT INTO scale_story VALUES (%s, %s, %s, %s, %s, %s)", rows)
