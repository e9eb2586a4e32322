"""Visits from a workbook: each row logged for the cadre it names, with the same checks as on the cadre's own phone."""

from collections.abc import Sequence
from datetime import datetime

from unionportal.core.accounts.models import User
from unionportal.core.common.exchange import cells
from unionportal.core.common.exchange.kinds import Column, ImportKind, Outcome, Row, Write
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.importing import township_names, township_reader
from visits.models import Visit, field_of
from visits.services import VisitInput, visit_log
from visits.services.checking import MOST_HEADCOUNT

CHECK = "checks."


def columns(scope: Scope) -> tuple[Column, ...]:
    """The columns of the workbook, with the cadres and townships of today."""
    cadres = list(User.objects.filter(grants__role=Role.CADRE).distinct().order_by("pinyin_key", "pk"))
    names = [(name, cadre) for cadre in cadres for name in (cadre.username, cadre.display_name)]
    cadre = cells.known(names, missing="没有叫“{}”的驻联干部。", ambiguous="有几位驻联干部叫“{}”，请填用户名。")
    return (
        Column(
            "cadre",
            "驻联干部",
            cadre,
            required=True,
            note="姓名或用户名；走访当天须分工联系这个镇街或企业。",
            example="陈示例",
            choices=tuple(dict.fromkeys(each.display_name for each in cadres)),
        ),
        Column(
            "visited_on",
            "走访日期",
            cells.day,
            required=True,
            note="不晚于今天；当周周记已提交的不能再补。",
            example="2024-09-12",
        ),
        _choice("target_kind", "走访对象", Visit.Target, note="不填按“企业”。"),
        Column(
            "enterprise",
            "统一社会信用代码",
            cells.text(18),
            note="走访企业时必填，须已在企业台账中。",
            example="91330602MA00000018",
            width=24,
        ),
        Column(
            "target_name",
            "对象名称",
            _text("target_name"),
            note="走访企业以外的对象时必填。",
            example="城东社区",
            width=20,
        ),
        Column(
            "township",
            "镇街",
            township_reader(),
            note="走访企业以外的对象时必填，填名称或代码。",
            example="稽山街道",
            choices=township_names(),
        ),
        _choice("kind", "走访类型", Visit.Kind, note="不填按“日常走访”。"),
        _choice("mode", "方式", Visit.Mode, note="不填按“上门”。"),
        Column("met", "见到的人", _text("met"), example="工会主席"),
        Column("headcount", "走访人次", cells.whole(1, MOST_HEADCOUNT), note="不填按 1。", example="2"),
        *(_choice(f"{CHECK}{name}", str(field_of(Visit, name).verbose_name), Visit.Check) for name in Visit.CHECKS),
        Column("narrative", "走访情况", _text("narrative"), example="车间秩序良好。", width=40),
    )


def _choice(name: str, heading: str, choices: type, note: str = "") -> Column:
    pairs = choices.choices
    words = tuple(label for _, label in pairs)
    return Column(
        name, heading, cells.one_of(pairs), note=note or f"{'、'.join(words)}。", example=words[0], choices=words
    )


def _text(name: str) -> cells.Read:
    return cells.text(field_of(Visit, name).max_length or 0)


def writer(scope: Scope, rows: Sequence[Row], now: datetime) -> Write:
    """Logs a row; one that was logged before stays as it is, whatever was changed on it since."""
    known = set(Visit.objects.filter(pk__in=[row.uuid for row in rows]).values_list("pk", flat=True))

    def write(row: Row) -> Outcome:
        if row.uuid in known:
            return Outcome.SAME
        given = {name: value for name, value in row.values.items() if value is not None}
        cadre, township = given.pop("cadre"), given.pop("township", None)
        checks = {name.removeprefix(CHECK): given.pop(name) for name in [*given] if name.startswith(CHECK)}
        visit = VisitInput(id=row.uuid, township=township.code if township else "", checks=checks, **given)
        visit_log(visit=visit, actor=scope, cadre_id=cadre.pk, now=now)
        return Outcome.CREATED

    return write


IMPORT = ImportKind(
    code="visits",
    label="走访记录",
    action="visit.import",
    columns=columns,
    writer=writer,
    notes=("每行一次走访，记在所填驻联干部名下；以前导入过的同一行不会重复。走访中发现的问题另用“问题诉求”导入。",),
)
