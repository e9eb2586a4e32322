"""Frozen months: a month's figures as they stood on a day, numbered, and never changed again (docs/figures.md, "Frozen months")."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import OperationalError, transaction
from django.db.models import QuerySet
from psycopg.errors import LockNotAvailable

from casework.models import Issue
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.enqueue import soon_by_name
from unionportal.core.common.errors import Conflict, FieldErrors
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.params.values import value
from unionportal.core.workcal.days import add_workdays
from unionportal.reporting import frozen_visits
from unionportal.reporting.figures import current_freezes, kept_months
from unionportal.reporting.measures import FLOW_IDS, versions_now
from unionportal.reporting.models import Freeze, Rollup
from unionportal.reporting.rollups import refresh
from unionportal.reporting.rollups.leaf import SUMMED
from unionportal.reporting.rollups.periods import MONTH, months_between, period_end, period_label, period_start
from unionportal.reporting.rollups.sql import UNCOUNTED, execute, listed, rows, shanghai_midnight

#: The hour of its day at which a month freezes by itself, so that staff have the working day to put things right.
FREEZE_AT = time(18)
REASON_LENGTH = 200
#: How long a freeze waits for those who are writing; everybody who wants to write waits behind it.
LOG_WITHIN = "5s"
_COPIED = (*SUMMED, "open_at_end", "workdays", "issues")


class Busy(Conflict):
    """Others write for longer than a freeze waits."""


@transaction.atomic
def month_freeze(*, month: date, actor: Scope, now: datetime | None = None) -> Freeze:
    """Freeze a month that is over, with every step recorded so far. Raises Forbidden, FieldErrors (`month`), Conflict (frozen already)."""
    require(actor, "figure.freeze")
    first = period_start(MONTH, month)
    _check_over(first, clock.local_date(now or clock.now()))
    refresh.refresh()  # takes the refreshers' lock: of two who freeze at once, one waits here and then finds it done
    current = current_freeze(first)
    if current is not None:
        raise Conflict(f"{period_label(MONTH, first)}的数据已经冻结（第{current.revision}版）。")
    last_step = hold_the_log("冻结")
    return _write(first, revision=1, reason="", actor=actor, moment=now or clock.now(), last_step=last_step)


@transaction.atomic
def month_revise(*, month: date, reason: str, actor: Scope, now: datetime | None = None) -> Freeze:
    """Number what was recorded since the last revision, with the reason and the issues behind it.

    Raises Forbidden, FieldErrors (`reason`), Conflict (not frozen yet, or nothing changed).
    """
    require(actor, "figure.freeze")
    first, reason = period_start(MONTH, month), reason.strip()
    if not reason or len(reason) > REASON_LENGTH:
        raise FieldErrors({"reason": f"请写明修订原因，最多 {REASON_LENGTH} 个字。"})
    refresh.refresh()
    before = current_freeze(first)
    if before is None:
        raise Conflict(f"{period_label(MONTH, first)}的数据还没有冻结，无需修订。")
    last_step = hold_the_log("修订")
    if not differs(before):
        raise Conflict("冻结以来数据没有变动，无需修订。")
    moment = now or clock.now()
    made = _write(first, revision=before.revision + 1, reason=reason, actor=actor, moment=moment, last_step=last_step)
    made.issues.set(changed_since(before))
    return made


def due_months_freeze(*, actor: Scope, now: datetime | None = None) -> list[Freeze]:
    """Freeze every month whose day has come and that is not frozen yet; also months missed while nothing ran."""
    moment = now or clock.now()
    kept = kept_months()
    if kept is None:
        return []
    frozen = set(Freeze.objects.values_list("month", flat=True))
    wanted = [m for m in months_between(*kept) if m not in frozen and freezes_at(m) <= moment]
    made = []
    for month in wanted:
        try:
            made.append(month_freeze(month=month, actor=actor, now=now))
        except Busy:
            break  # the next beat goes on
        except Conflict:
            continue  # staff, or another beat, was faster
    return made


def freezes_at(month: date) -> datetime:
    """When a month freezes by itself: on the n-th workday of the next, the parameter of that month's end."""
    end = period_end(MONTH, month)
    day = add_workdays(end, int(value("figures.freeze_workday", on=end))).day
    return datetime.combine(day, FREEZE_AT, tzinfo=clock.SHANGHAI)


def current_freeze(month: date) -> Freeze | None:
    """The last revision of a month; None where it is not frozen."""
    return Freeze.objects.filter(month=month).order_by("-revision").first()


def differs(freeze: Freeze) -> bool:
    """Whether any live row of the month, or any of its visits, is another than the frozen one."""
    return _rows_differ(freeze) or frozen_visits.differ(freeze)


def _rows_differ(freeze: Freeze) -> bool:
    return bool(rows(_DIFFERENCE.format(wanted="1") + " LIMIT 1", {"freeze": freeze.pk, "month": freeze.month}))


@dataclass(frozen=True, slots=True)
class MonthState:
    """A month as the list of frozen months shows it."""

    month: date
    freeze: Freeze | None
    freezes_at: datetime
    changed: bool


def month_states(today: date) -> list[MonthState]:
    """Every month that is over, the newest first."""
    kept = kept_months()
    if kept is None:
        return []
    over = [month for month in months_between(*kept) if period_end(MONTH, month) < today]
    frozen = current_freezes(*kept)
    changed = {month for (month,) in rows(_CHANGED_MONTHS)} | frozen_visits.changed_months()
    return [
        MonthState(month, frozen.get(month), freezes_at(month), changed=month in changed) for month in reversed(over)
    ]


def changed_since(freeze: Freeze) -> QuerySet[Issue]:
    """Issues with a step that a freeze did not count, and that belong to its month, left it, were open or closed at its end by that step, or had
    been closed in the month."""
    end = period_end(MONTH, freeze.month)
    ids = rows(
        _CHANGED,
        {
            "last_step": freeze.last_step,
            "first": freeze.month,
            "end": end,
            "since": shanghai_midnight(freeze.month),
            "until": shanghai_midnight(end + timedelta(days=1)),
        },
    )
    return Issue.objects.filter(pk__in=[pk for (pk,) in ids])


def hold_the_log(what: str) -> int:
    """Work off every step there is and keep new ones out until the transaction ends; the last step's id. `what` cannot be done while Busy is raised.

    After a `refresh()` of the same transaction: most of the work is done before others wait, and the refreshers' lock comes first, as everybody takes them.
    Whoever is writing finishes, whoever comes later waits, so that the ids up to the last are exactly the steps the figures count. Everybody who
    writes takes the issue before the log, so this does, too: the causes of a revision point to issues, which a writer at the log would hold.
    """
    try:
        with transaction.atomic():
            execute("SELECT set_config('lock_timeout', %s, true)", [LOG_WITHIN])
            execute("LOCK TABLE casework_issue IN EXCLUSIVE MODE")
            execute("LOCK TABLE casework_issueevent IN SHARE MODE")
    except OperationalError as error:
        if not isinstance(error.__cause__, LockNotAvailable):
            raise
        raise Busy(f"正在写入大批诉求，暂时不能{what}，请过几分钟再试。") from error
    execute("SET LOCAL lock_timeout TO DEFAULT")
    refresh.refresh()
    ((last_step,),) = rows("SELECT coalesce(max(id), 0) FROM casework_issueevent")
    return int(last_step)


def _check_over(first: date, today: date) -> None:
    if period_end(MONTH, first) >= today:
        raise FieldErrors({"month": f"{period_label(MONTH, first)}还没有过完，不能冻结。"})
    if not Rollup.objects.filter(month=first).exists():
        raise FieldErrors({"month": f"{period_label(MONTH, first)}没有统计数据。"})


def _write(month: date, *, revision: int, reason: str, actor: Scope, moment: datetime, last_step: int) -> Freeze:
    freeze = Freeze.objects.create(
        month=month,
        revision=revision,
        frozen_at=moment,
        author_id=actor.user_id or None,
        reason=reason,
        last_step=last_step,
        definitions=versions_now(),
    )
    execute(
        f"""INSERT INTO reporting_frozenrow (freeze_id, unit_id, category_id, {listed(_COPIED)})
        SELECT %s, unit_id, category_id, {listed(_COPIED)} FROM reporting_rollup WHERE month = %s""",
        [freeze.pk, month],
    )
    frozen_visits.keep(freeze)
    action = "month.freeze" if revision == 1 else "month.revise"
    record(actor=actor, action=action, object_type="month", object_id=f"{month:%Y-%m}", revision=revision)
    soon_by_name("reporting.make_briefs")
    return freeze


#: What was not counted yet when the month was frozen is no difference.
_FROZEN = listed(f"coalesce(f.{name}, r.{name})" if name in FLOW_IDS else f"f.{name}" for name in _COPIED)
_SAME = f"({_FROZEN}) IS NOT DISTINCT FROM ({listed(_COPIED, 'r.{}')})"
_DIFFERENCE = f"""
SELECT {{wanted}} FROM (SELECT * FROM reporting_rollup WHERE month = %(month)s) AS r
FULL JOIN (SELECT * FROM reporting_frozenrow WHERE freeze_id = %(freeze)s) AS f
    ON f.unit_id = r.unit_id AND coalesce(f.category_id, 0) = coalesce(r.category_id, 0)
WHERE NOT ({_SAME})"""
_CHANGED_MONTHS = f"""
SELECT DISTINCT r.month FROM reporting_rollup r
JOIN (SELECT DISTINCT ON (month) id, month FROM reporting_freeze ORDER BY month, revision DESC) AS z ON z.month = r.month
LEFT JOIN reporting_frozenrow f
    ON f.freeze_id = z.id AND f.unit_id = r.unit_id AND coalesce(f.category_id, 0) = coalesce(r.category_id, 0)
WHERE NOT ({_SAME})"""
#: By the issue's month, the stock at its end, or what was closed in it. A correction says the old value and the new one, as a list.
_CHANGED = f"""
SELECT DISTINCT i.id FROM casework_issueevent e JOIN casework_issue i ON i.id = e.issue_id
WHERE e.id > %(last_step)s AND (
    i.received_on BETWEEN %(first)s AND %(end)s
    OR (e.data -> 'received_on' ->> 0)::date <= %(end)s
    OR i.received_on < %(first)s AND (
        e.action = 'register' OR e.to_state IN {UNCOUNTED} OR jsonb_exists_any(e.data, ARRAY['township', 'category'])
        OR e.happened_at < %(until)s AND (e.to_state = 'closed') <> (e.from_state = 'closed')
        OR e.from_state = 'closed' AND e.to_state <> 'closed' AND EXISTS (
            SELECT FROM casework_issueevent c WHERE c.issue_id = e.issue_id AND c.to_state = 'closed' AND c.from_state <> 'closed'
                AND c.happened_at >= %(since)s AND c.happened_at < %(until)s
        )
    )
)"""
