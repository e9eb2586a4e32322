"""One tap puts what somebody wrote before staff as a practice: a reflection, an analysis, a journal. Source: docs/domain.md, "Practice library"."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import transaction

from unionportal.core.common.errors import NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.core.workcal.days import week_range
from visits.models import Analysis, Journal, Practice, Reflection
from visits.models.practices import SUMMARY_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from visits.quarters import quarter_of
from visits.services.practices import Drawn, PracticeInput, practice_propose

#: Characters of the text that a summary begins with, until somebody writes a better one.
_OPENING = 120
Row = TypeVar("Row")


@transaction.atomic
def practice_recommend(
    *, uuid: UUID, source: str, source_id: int, actor: Scope, now: datetime | None = None
) -> Practice:
    """Propose a text as it stands; title and summary are mended afterwards. Recommended before, it is the practice that is there.

    Raises Forbidden, NotFound: for a text out of the person's reach, one not handed in or published yet, or an empty one.
    """
    require(actor, "practice.propose")
    drawing = {"reflection": _of_reflection, "analysis": _of_analysis, "journal": _of_journal}.get(source)
    if drawing is None:
        raise NotFound
    title, text, township, drawn = drawing(source_id, actor)
    if not text:
        raise NotFound("这里还没有可以推荐的内容。")
    opening = " ".join(text.split())[:_OPENING]
    practice = PracticeInput(
        title=title[:TITLE_LENGTH], summary=opening[:SUMMARY_LENGTH], text=text[:TEXT_LENGTH], township=township
    )
    return practice_propose(uuid=uuid, practice=practice, actor=actor, drawn=drawn, now=now)


_Found = tuple[str, str, Unit | None, Drawn]


def _of_reflection(source_id: int, actor: Scope) -> _Found:
    rows = Reflection.objects.visible_to(actor).exclude(state=Reflection.State.DRAFT).select_related("cadre")
    row = _one(rows.filter(pk=source_id).first())
    return str(row), row.methods, None, Drawn(row.cadre_id, row.quarter, reflection=row)


def _of_analysis(source_id: int, actor: Scope) -> _Found:
    rows = Analysis.objects.visible_to(actor).filter(state=Analysis.State.PUBLISHED).select_related("unit")
    row = _one(rows.filter(pk=source_id).first())
    township = row.unit if row.unit.kind == Unit.Kind.TOWNSHIP else None
    return str(row), row.text, township, Drawn(row.edited_by_id, row.quarter, analysis=row)


def _of_journal(source_id: int, actor: Scope) -> _Found:
    row = _one(Journal.objects.visible_to(actor).handed_in().select_related("cadre").filter(pk=source_id).first())
    monday, _ = week_range(row.iso_year, row.iso_week)
    return f"{row.cadre}{row}周记", row.reflections, None, Drawn(row.cadre_id, quarter_of(monday), journal=row)


def _one(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row
