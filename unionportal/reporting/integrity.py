"""Do the figures, the event log, the issues' columns, the ledger and the attachments agree? Looks only: whatever it computes is rolled back."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction

from casework.services.log import TRACKED
from hardship.money_integrity import MONEY_RULES
from unionportal.core.files.models import Attachment
from unionportal.reporting.measures import COLUMN_IDS
from unionportal.reporting.models import Rollup
from unionportal.reporting.rollups import refresh

LISTED = 20
_TRACKED = ", ".join(f"'{name}'" for name in TRACKED)

#: What must hold between an issue and its events -> the issues (code) for which it does not.
_LOG_RULES: dict[str, str] = {
    "状态与最后一步不符": """
        SELECT i.code FROM casework_issue i JOIN LATERAL (
            SELECT to_state, outcome, unit_id FROM casework_issueevent e WHERE e.issue_id = i.id ORDER BY seq DESC LIMIT 1
        ) last ON true
        WHERE (last.to_state, last.outcome) IS DISTINCT FROM (i.state, i.outcome)""",
    "没有登记记录": """
        SELECT i.code FROM casework_issue i
        WHERE NOT EXISTS (SELECT 1 FROM casework_issueevent e
            WHERE e.issue_id = i.id AND e.seq = 1 AND e.action = 'register')""",
    "办理步骤不连续": """
        SELECT i.code FROM casework_issue i JOIN (
            SELECT issue_id, seq, from_state,
                lag(seq) OVER steps AS before, lag(to_state) OVER steps AS left_state
            FROM casework_issueevent WINDOW steps AS (PARTITION BY issue_id ORDER BY seq)
        ) step ON step.issue_id = i.id
        WHERE step.before IS NOT NULL AND (step.seq <> step.before + 1 OR step.from_state <> step.left_state)""",
    "版本号与步骤数不符": """
        SELECT i.code FROM casework_issue i
        JOIN (SELECT issue_id, max(seq) AS seq FROM casework_issueevent GROUP BY issue_id) e ON e.issue_id = i.id
        WHERE i.version < e.seq""",
    "办结日期与办结记录不符": """
        SELECT i.code FROM casework_issue i LEFT JOIN LATERAL (
            SELECT (happened_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM casework_issueevent e
            WHERE e.issue_id = i.id AND e.to_state = 'closed' AND e.from_state <> 'closed' ORDER BY seq DESC LIMIT 1
        ) closing ON true
        WHERE i.state = 'closed' AND closing.day IS DISTINCT FROM i.closed_on""",
    "重办、退回或重启次数与记录不符": """
        SELECT i.code FROM casework_issue i JOIN (
            SELECT issue_id, count(*) FILTER (WHERE action = 'redo') AS redone,
                count(*) FILTER (WHERE action = 'send_back') AS bounced,
                count(*) FILTER (WHERE action = 'reopen') AS reopened
            FROM casework_issueevent GROUP BY issue_id
        ) e ON e.issue_id = i.id
        WHERE (e.redone, e.bounced, e.reopened) IS DISTINCT FROM
            (i.redo_count::bigint, i.bounce_count::bigint, i.reopen_count::bigint)""",
    # An event may say more than the columns that changed; that is nobody's to compare.
    "字段与办理记录不符": f"""
        SELECT i.code FROM casework_issue i JOIN (
            SELECT e.issue_id, jsonb_object_agg(change.key, change.value ORDER BY e.seq) AS said
            FROM casework_issueevent e CROSS JOIN LATERAL jsonb_each(e.data) AS change
            WHERE change.key IN ({_TRACKED}) GROUP BY e.issue_id
        ) log ON log.issue_id = i.id
        WHERE NOT (to_jsonb(i) @> log.said)""",
    "所属单位不是镇街": """
        SELECT i.code FROM casework_issue i JOIN orgs_unit u ON u.id = i.township_id WHERE u.kind <> 'township'""",
    "步骤的发生时间倒置": """
        SELECT i.code FROM casework_issue i JOIN (
            SELECT issue_id, happened_at, lag(happened_at) OVER (PARTITION BY issue_id ORDER BY seq) AS before
            FROM casework_issueevent
        ) step ON step.issue_id = i.id
        WHERE step.happened_at < step.before""",
}

#: The same for the kept totals of visits -> township and month.
_VISIT_RULES = {
    "走访累计与走访记录不符": """
        SELECT u.short_name || ' ' || to_char(month, 'YYYY-MM') AS code FROM (
            SELECT township_id, month, number FROM visits_visittotal
            UNION ALL SELECT township_id, date_trunc('month', visited_on::timestamp)::date, -1 FROM visits_visit
        ) counted JOIN orgs_unit u ON u.id = township_id
        GROUP BY u.id, u.short_name, month HAVING sum(number) <> 0""",
}


def disagreements() -> list[str]:
    """What does not agree, one Chinese line each; empty where everything does. One line a rule names up to LISTED rows."""
    return [
        *_by_rules(_LOG_RULES, "件"),
        *_by_rules(MONEY_RULES, "项"),
        *_by_rules(_VISIT_RULES, "个月"),
        *_in_the_figures(),
        *_in_the_files(),
    ]


def _by_rules(rules: Mapping[str, str], unit: str) -> Iterator[str]:
    """What breaks a rule, by number or name."""
    for rule, statement in rules.items():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT DISTINCT code FROM ({statement}) AS broken ORDER BY code")
            codes = [code for (code,) in cursor.fetchall()]
        if codes:
            more = f" 等 {len(codes)} {unit}" if len(codes) > LISTED else ""
            yield f"{rule}：{'、'.join(codes[:LISTED])}{more}"


def _in_the_figures() -> list[str]:
    """Kept figures, once the outbox is worked off, against a full computation."""
    with transaction.atomic():
        refresh.refresh()
        kept = _snapshot()
        refresh.recompute()
        fresh = _snapshot()
        transaction.set_rollback(True)
    return [
        f"统计数据不符：{key} 保存为 {kept.get(key)}，应为 {fresh.get(key)}"
        for key in sorted(kept.keys() | fresh.keys(), key=str)
        if kept.get(key) != fresh.get(key)
    ]


def _in_the_files() -> Iterator[str]:
    """Attachments whose file is gone or is not the one that was stored."""
    for name, size, digest in Attachment.objects.order_by("pk").values_list("file", "size", "sha256").iterator():
        if not default_storage.exists(name):
            yield f"附件文件不在了：{name}"
        elif default_storage.size(name) != size or _digest(name) != digest:
            yield f"附件文件与登记的不符：{name}"


def _digest(name: str) -> str:
    with default_storage.open(name, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _snapshot() -> dict[str, dict[str, Any]]:
    """Every kept figure under a name a person can read."""
    found: dict[str, dict[str, Any]] = {}
    wide = (*COLUMN_IDS, "open_delta", "open_at_end", "workdays", "issues")
    for row in Rollup.objects.values("month", "unit__code", "category__code", *wide):
        name = f"{row['month']:%Y-%m} {row['unit__code']} {row['category__code'] or '全部类别'}"
        found[name] = {measure: row[measure] for measure in wide}
    return found
