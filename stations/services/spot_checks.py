"""The quarterly draw of stations to be checked without notice (四不两直). Source: docs/domain.md, "Care of the stations"; docs/decisions/0020."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction

from stations.drawing import Candidate, Drawn, draw
from stations.models import Keepership, SpotDraw, SpotTask, Station
from stations.models.checks import SEED_LENGTH
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from unionportal.core.params.values import value
from visits.quarters import quarter_code, quarter_end, quarter_label, quarter_of

#: Roles whose people may be sent out.
INSPECTING = (Role.STAFF, Role.CADRE)


def inspectors_to_choose() -> list[User]:
    """Who may be sent out to check."""
    grants = RoleGrant.objects.filter(role__in=INSPECTING).values("user")
    return list(User.objects.filter(pk__in=grants, is_active=True).order_by("display_name", "pk"))


@transaction.atomic
def spot_draw(
    *, quarter: date, seed: str, inspectors: Iterable[User], actor: Scope, now: datetime | None = None
) -> SpotDraw:
    """Draw the stations of a quarter and who checks each, and tell the inspectors. Once a quarter, while it lasts. FieldErrors at quarter, seed, inspectors."""
    require(actor, "spot_check.draw")
    moment = now or clock.now()
    today, seed, chosen = clock.local_date(moment), seed.strip(), list(inspectors)
    problems: dict[str, str] = {}
    if quarter != quarter_of(today):
        problems["quarter"] = f"只能为本季度（{quarter_label(quarter_of(today))}）抽签。"
    if not seed or len(seed) > SEED_LENGTH:
        problems["seed"] = f"种子最多 {SEED_LENGTH} 个字。" if seed else "请填写种子。"
    if not chosen or not set(chosen) <= set(inspectors_to_choose()):
        problems["inspectors"] = "请在可选的人员中选择检查人。"
    pool = _pool(today)
    if not pool:
        problems["quarter"] = "还没有开放的驿站。"
    if problems:
        raise FieldErrors(problems)
    names = sorted(user.username for user in chosen)
    percent = int(value("stations.spot_percent", on=today))
    try:
        drawn = draw(pool, names, seed=seed, percent=percent)
    except ValueError as kept:
        raise FieldErrors({"inspectors": f"编号 {kept} 的驿站由所选的人自己管理，请再选一名检查人。"}) from None
    found = SpotDraw(
        quarter=quarter,
        seed=seed,
        percent=percent,
        pool=[[each.code, each.township, sorted(each.keepers)] for each in pool],
        inspectors=names,
        drawn_by_id=actor.user_id,
        drawn_at=moment,
    )
    try:
        with transaction.atomic():
            found.save(force_insert=True)
    except IntegrityError:
        raise FieldErrors({"quarter": f"{quarter_label(quarter)}已经抽过签，结果不再改变。"}) from None
    _give_out(found, drawn, moment)
    record(
        actor=actor,
        action="spot_check.draw",
        object_type="spot_draw",
        object_id=quarter_code(quarter),
        seed=seed,
        number=len(drawn),
    )
    return found


def repeated(found: SpotDraw) -> list[Drawn]:
    """The draw once more, from what was kept of it."""
    pool = [Candidate(code, township, frozenset(keepers)) for code, township, keepers in found.pool]
    return draw(pool, found.inspectors, seed=found.seed, percent=found.percent)


def _pool(today: date) -> list[Candidate]:
    keepers: dict[int, set[str]] = {}
    for station_id, username in Keepership.objects.in_force(today).values_list("station_id", "user__username"):
        keepers.setdefault(station_id, set()).add(username)
    rows = (
        Station.objects.serving()
        .filter(opened_on__lte=today)
        .order_by("code")
        .values_list("pk", "code", "township__code")
    )
    return [Candidate(code, township, frozenset(keepers.get(pk, ()))) for pk, code, township in rows]


def _give_out(found: SpotDraw, drawn: list[Drawn], moment: datetime) -> None:
    stations = {station.code: station for station in Station.objects.filter(code__in=[each.code for each in drawn])}
    people = {user.username: user for user in User.objects.filter(username__in=found.inspectors)}
    due_on = quarter_end(found.quarter)
    SpotTask.objects.bulk_create(
        SpotTask(draw=found, station=stations[each.code], inspector=people[each.inspector], due_on=due_on)
        for each in drawn
    )
    sent = {each.inspector for each in drawn}
    tell(
        [Told(people[name].pk, Kind.TODO) for name in sorted(sent)],
        text=f"{quarter_label(found.quarter)}驿站抽查已抽签，请在{due_on.month}月{due_on.day}日前到站检查，事先不通知驿站。",
        url="/stations/care/spot-checks/",
        source=f"spot-draw-{found.pk}",
        now=moment,
    )
