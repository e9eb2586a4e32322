"""The text of a quarterly analysis: saved in versions, published with its figures, taken back to be changed. Source: docs/domain.md, "Quarterly analysis"."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from visits.models import Analysis, AnalysisVersion, field_of
from visits.quarters import next_quarter, quarter_code, quarter_label, quarter_of


@transaction.atomic
def analysis_save(
    *, unit: Unit, quarter: date, version: int, text: str, actor: Scope, now: datetime | None = None
) -> Analysis:
    """Keep the draft's text and, as a version, what it was; `version` 0 where nothing was written yet. The same text again makes no version.

    Raises `Forbidden`, `NotFound` (a quarter to come), `InvalidTransition` (published), `StaleVersion`, `FieldErrors`.
    """
    moment = now or clock.now()
    analysis = _draft(unit, quarter, version, actor, moment)
    if _written(analysis, text, actor, moment):
        _record(analysis, actor, "save")
    return analysis


@transaction.atomic
def analysis_publish(
    *,
    unit: Unit,
    quarter: date,
    version: int,
    text: str,
    figures: dict[str, Any],
    known_at: datetime,
    last_step: int,
    actor: Scope,
    now: datetime | None = None,
) -> Analysis:
    """Publish the text with the figures as known at a moment and up to a step of the log; they stay with it. Errors as `analysis_save`.

    Raises `InvalidTransition` while the quarter is not over, and `FieldErrors` for an empty text.
    """
    moment = now or clock.now()
    analysis = _draft(unit, quarter, version, actor, moment)
    if clock.local_date(moment) < next_quarter(quarter):
        raise InvalidTransition(f"{quarter_label(quarter)}还没有过完，可以先保存草稿，过完再发布。")
    if not text.strip():
        raise FieldErrors({"text": "请先写分析，再发布。"})
    _written(analysis, text, actor, moment)
    analysis.state, analysis.published_by_id = Analysis.State.PUBLISHED, actor.user_id
    analysis.figures, analysis.known_at, analysis.last_step = figures, known_at, last_step
    return _saved(analysis, actor, "publish")


@transaction.atomic
def analysis_reopen(
    *, unit: Unit, quarter: date, version: int | None, actor: Scope, now: datetime | None = None
) -> Analysis:
    """Take a published analysis back to be changed; its figures go, those of the next publication take their place.

    Raises `Forbidden`, `NotFound`, `StaleVersion`, `InvalidTransition`.
    """
    require(actor, "analysis.edit")
    rows = Analysis.objects.visible_to(actor).select_for_update(of=("self",))
    analysis = rows.filter(unit=unit, quarter=quarter).first()
    if analysis is None:
        raise NotFound
    if analysis.version != version:
        raise StaleVersion
    if not analysis.is_published:
        raise InvalidTransition("这份分析还没有发布。")
    analysis.state, analysis.published_by_id = Analysis.State.DRAFT, None
    analysis.figures = analysis.known_at = analysis.last_step = None
    analysis.edited_by_id, analysis.edited_at = actor.user_id, now or clock.now()
    return _saved(analysis, actor, "reopen")


def _draft(unit: Unit, quarter: date, version: int, actor: Scope, moment: datetime) -> Analysis:
    """The draft, made where there is none, locked until the transaction ends."""
    require(actor, "analysis.edit")
    if unit.kind not in (Unit.Kind.DISTRICT, Unit.Kind.TOWNSHIP):
        raise NotFound
    if quarter != quarter_of(quarter) or quarter > clock.local_date(moment):
        raise NotFound("这个季度还没有开始。")
    analysis, _ = Analysis.objects.select_for_update(of=("self",)).get_or_create(
        unit=unit, quarter=quarter, defaults={"edited_by_id": actor.user_id, "edited_at": moment}
    )
    if analysis.version != version:
        raise StaleVersion
    if analysis.is_published:
        raise InvalidTransition("这份分析已经发布，要修改请先撤回。")
    return analysis


def _written(analysis: Analysis, text: str, actor: Scope, moment: datetime) -> bool:
    """Put the text in and keep it as a version; False where it is the one that stood there."""
    text = text.strip()
    longest = field_of(Analysis, "text").max_length or 0
    if len(text) > longest:
        raise FieldErrors({"text": f"最多 {longest} 个字，现有 {len(text)} 个字。"})
    if analysis.version and text == analysis.text:
        return False
    analysis.text, analysis.edited_by_id, analysis.edited_at = text, actor.user_id, moment
    analysis.version += 1
    analysis.save()
    AnalysisVersion.objects.create(
        analysis=analysis, number=analysis.version, text=text, author_id=actor.user_id, saved_at=moment
    )
    return True


def _saved(analysis: Analysis, actor: Scope, act: str) -> Analysis:
    analysis.version += 1
    analysis.save()
    _record(analysis, actor, act)
    return analysis


def _record(analysis: Analysis, actor: Scope, act: str) -> None:
    record(
        actor=actor,
        action=f"analysis.{act}",
        object_type="analysis",
        object_id=analysis.pk,
        quarter=quarter_code(analysis.quarter),
        unit=analysis.unit.code,
        version=analysis.version,
    )
