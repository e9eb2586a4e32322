"""The week's journal: opened by the first visit (or by hand), saved, submitted. Submitting closes everything in the week."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import (
    DomainError,
    FieldErrors,
    Forbidden,
    InvalidTransition,
    NotFound,
    StaleVersion,
)
from unionportal.core.common.formats import zh_short
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.common.spelled import Spelled, columns
from unionportal.core.workcal.days import iso_week, week_range
from visits.models import Journal, field_of

_LOCKED = Spelled(
    lambda cadre_id, iso_year, iso_week: (
        Journal.objects.select_for_update()
        .filter(cadre_id=cadre_id, iso_year=iso_year, iso_week=iso_week)
        .order_by()
        .values_list(*columns(Journal))
    ),
    cadre_id=-1,
    iso_year=9998,  # a negative one the ORM would answer itself
    iso_week=9999,
)


def journal_for_day(cadre_id: int, day: date, *, closed_as: type[DomainError] = FieldErrors) -> Journal:
    """The open journal of the ISO week of a day, made if it is the week's first, locked until the transaction ends.

    A submitted one refuses: as `FieldErrors` on visited_on, or as `closed_as`. The lock holds a submission back while a visit is written.
    """
    year, week = iso_week(day)
    wanted: dict[str, Any] = {"cadre_id": cadre_id, "iso_year": year, "iso_week": week}
    journal = next(iter(_LOCKED.objects(Journal, **wanted)), None)
    if journal is None:
        journal, _ = Journal.objects.select_for_update().get_or_create(**wanted)
    if not journal.is_open:
        words = f"{year}年第{week}周的周记已于{zh_short(journal.submitted_at)}提交，这一周的走访不能再增改。"
        raise FieldErrors({"visited_on": words}) if closed_as is FieldErrors else closed_as(words)
    return journal


@transaction.atomic
def journal_open(*, year: int, week: int, actor: Scope, now: datetime | None = None) -> Journal:
    """The actor's own journal of an ISO week, made as a draft where there is none. Raises `NotFound` for no such week or a week to come."""
    require(actor, "journal.write")
    try:
        monday, _ = week_range(year, week)
    except ValueError:
        raise NotFound from None
    if monday > clock.local_date(now or clock.now()):
        raise NotFound("这一周还没有开始。")
    journal, _ = Journal.objects.get_or_create(cadre_id=actor.user_id, iso_year=year, iso_week=week)
    return journal


@transaction.atomic
def journal_save(
    *, journal_id: int, version: int, reflections: str, next_plan: str, actor: Scope, now: datetime | None = None
) -> Journal:
    """Keep the texts of an open journal. Raises `NotFound`, `Forbidden`, `InvalidTransition` (submitted), `StaleVersion`, `FieldErrors`."""
    journal = _open_journal(journal_id, version, actor)
    _write_texts(journal, reflections, next_plan)
    journal.version += 1
    journal.save()
    record(actor=actor, action="journal.save", object_type="journal", object_id=journal.pk, version=journal.version)
    return journal


@transaction.atomic
def journal_submit(
    *,
    journal_id: int,
    version: int,
    actor: Scope,
    reflections: str | None = None,
    next_plan: str | None = None,
    now: datetime | None = None,
) -> Journal:
    """Submit the week: no visit of it can be added or changed afterwards. Texts left out stay as saved.

    Reflections are asked for but not required, except in a week without visits, which must say why. Errors as `journal_save`.
    """
    journal = _open_journal(journal_id, version, actor)
    _write_texts(
        journal,
        journal.reflections if reflections is None else reflections,
        journal.next_plan if next_plan is None else next_plan,
    )
    visits = journal.visits.count()
    if not visits and not journal.reflections:
        raise FieldErrors({"reflections": "本周没有走访记录，请写明原因或本周做了哪些工作。"})
    journal.state = Journal.State.SUBMITTED
    journal.submitted_at, journal.returned_at = now or clock.now(), None
    journal.version += 1
    journal.save()
    record(
        actor=actor,
        action="journal.submit",
        object_type="journal",
        object_id=journal.pk,
        week=f"{journal.iso_year}-W{journal.iso_week:02d}",
        visits=visits,
    )
    return journal


def _open_journal(journal_id: int, version: int, actor: Scope) -> Journal:
    require(actor, "journal.write")
    journal = Journal.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=journal_id).first()
    if journal is None:
        raise NotFound
    if journal.cadre_id != actor.user_id:
        raise Forbidden("周记只能由本人填写。")
    if journal.state != Journal.State.DRAFT:
        raise InvalidTransition("这份周记已经提交，不能再改。")
    if journal.version != version:
        raise StaleVersion
    return journal


def _write_texts(journal: Journal, reflections: str, next_plan: str) -> None:
    texts = {"reflections": reflections.strip(), "next_plan": next_plan.strip()}
    errors = {}
    for name, text in texts.items():
        longest = field_of(Journal, name).max_length or 0
        if len(text) > longest:
            errors[name] = f"最多 {longest} 个字，现有 {len(text)} 个字。"
        setattr(journal, name, text)
    if errors:
        raise FieldErrors(errors)
