"""Bulk rows for benchmarks: the demo's district, and as many issues and visits as wanted, by INSERT … SELECT.

Deterministic, but not lived through: no audit trail, no refusals, the same few stories over and over. Only for a database whose name ends in `_scale`.
"""

from collections.abc import Callable
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
from unionportal.reporting.demo.firms import firms
from unionportal.reporting.demo.scale_sql import EVENTS, ISSUES, JOURNALS, NOTES, STORY_TABLE, VISITS
from unionportal.reporting.rollups.refresh import recompute
from visits.models import Visit

SUFFIX = "_scale"
LAST_DAY = date(2025, 1, 17)
STARTS_AT = datetime(2025, 1, 20, 9, 0, tzinfo=SHANGHAI)
DAYS_A_MONTH = 30.44

Say = Callable[[str], None]


class Refused(Exception):
    """This database is not one for benchmarks, or holds something else already."""


def check_place() -> None:
    """Raise `Refused` unless the database is named as one for benchmarks and holds no issues, visits or accounts."""
    name = connections["default"].settings_dict["NAME"]
    if not name.endswith(SUFFIX):
        raise Refused(f"数据库“{name}”不是压测库：库名须以 {SUFFIX} 结尾。请新建一个，用 DATABASE_URL 指向它并先迁移。")
    if Issue.objects.exists() or Visit.objects.exists() or User.objects.exists():
        raise Refused(f"压测库“{name}”里已有数据，请删除后重新建库。")


@transaction.atomic
def seed(*, issues: int, visits: int, months: int, password: str, say: Say) -> None:
    """Fill the database; `months` is how far back it goes. Figures are computed too."""
    say("单位、企业、账号…")
    _district(password)
    days = _workdays(months)
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
    """After the commit: statistics for the planner (as the tables' owner), then every figure."""
    say("统计信息与报表…")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")
    recompute()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _workdays(months: int) -> list[date]:
    span = max(1, round(months * DAYS_A_MONTH))
    return [day for n in range(span, -1, -1) if is_workday(day := LAST_DAY - timedelta(days=n))]


def _district(password: str) -> None:
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
    Enterprise.objects.bulk_create(_enterprises(units))
    encoded = make_password(password or None)
    persons = people.people(Random("demo:people"))
    users = User.objects.bulk_create(
        User(
            username=p.username,
            display_name=p.display_name,
            pinyin_key=pinyin_key(p.display_name),
            password=encoded,
        )
        for p in persons
    )
    by_name = {user.username: user for user in users}
    RoleGrant.objects.bulk_create(RoleGrant(user=by_name[p.username], role=p.role, unit=units[p.unit]) for p in persons)
    Posting.objects.bulk_create(
        Posting(cadre=by_name[cadre], township=units[f"{district.code}{digits}"], start_on=date(2000, 1, 3))
        for cadre, townships in people.TOWNSHIPS_OF.items()
        for digits in townships
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
    cursor.executemany("INSERT INTO scale_story VALUES (%s, %s, %s, %s, %s, %s)", rows)
