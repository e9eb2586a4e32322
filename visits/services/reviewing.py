"""A journal is read, remarked on, returned or approved by the township it speaks of or the district. Source: docs/domain.md, "Journals"."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from visits.models import Journal, JournalReader, JournalRemark, field_of

Act = JournalRemark.Act
WORDS = {Act.COMMENT: "有新批注", Act.RETURN: "被退回，请修改后重新提交", Act.APPROVE: "已审阅"}


@transaction.atomic
def journal_remark(*, journal_id: int, text: str, actor: Scope, now: datetime | None = None) -> JournalRemark:
    """A remark by a reader, or by the cadre in answer; the other side is told. Raises `NotFound`, `InvalidTransition` (not handed in), `FieldErrors`."""
    require(actor, "journal.view")
    journal = _locked(journal_id, actor)
    own = journal.cadre_id == actor.user_id
    if journal.is_open and not own:
        raise InvalidTransition("这份周记还没有提交，提交后才能批注。")
    return _say(journal, Act.COMMENT, text, actor, now)


@transaction.atomic
def journal_approve(
    *, journal_id: int, version: int | None, actor: Scope, text: str = "", now: datetime | None = None
) -> Journal:
    """Read and found good. Raises `NotFound`, `Forbidden` (own journal), `StaleVersion`, `InvalidTransition`, `FieldErrors`."""
    journal = _to_judge(journal_id, version, actor)
    journal.state = Journal.State.APPROVED
    return _judged(journal, Act.APPROVE, text, actor, now)


@transaction.atomic
def journal_return(
    *, journal_id: int, version: int | None, text: str, actor: Scope, now: datetime | None = None
) -> Journal:
    """Back to the cadre with a reason: the week is open again, its visits too. Errors as `journal_approve`."""
    journal = _to_judge(journal_id, version, actor)
    journal.state, journal.submitted_at = Journal.State.DRAFT, None
    journal.returned_at = now or clock.now()
    JournalReader.objects.filter(journal=journal).delete()
    return _judged(journal, Act.RETURN, text, actor, now)


def journal_seen(*, journal: Journal, actor: Scope, now: datetime | None = None) -> None:
    """Note that a reader has opened a journal that was handed in; the second time nothing."""
    if journal.is_open or journal.cadre_id == actor.user_id:
        return
    JournalReader.objects.get_or_create(
        journal=journal, reader_id=actor.user_id, defaults={"read_at": now or clock.now()}
    )


def _locked(journal_id: int, actor: Scope) -> Journal:
    journal = Journal.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=journal_id).first()
    if journal is None:
        raise NotFound
    return journal


def _to_judge(journal_id: int, version: int | None, actor: Scope) -> Journal:
    require(actor, "journal.review")
    journal = _locked(journal_id, actor)
    if journal.cadre_id == actor.user_id:
        raise Forbidden("不能审阅自己的周记。")
    if journal.version != version:
        raise StaleVersion
    if journal.state != Journal.State.SUBMITTED:
        raise InvalidTransition(f"这份周记现在是“{journal.get_state_display()}”，不能再审阅或退回。")
    return journal


def _judged(journal: Journal, act: str, text: str, actor: Scope, now: datetime | None) -> Journal:
    journal.version += 1
    journal.save()
    _say(journal, act, text, actor, now)
    return journal


def _say(journal: Journal, act: str, text: str, actor: Scope, now: datetime | None) -> JournalRemark:
    text = text.strip()
    longest = field_of(JournalRemark, "text").max_length or 0
    if not text and act != Act.APPROVE:
        raise FieldErrors({"text": "请写明退回的理由。" if act == Act.RETURN else "请写几句批注。"})
    if len(text) > longest:
        raise FieldErrors({"text": f"最多 {longest} 个字，现有 {len(text)} 个字。"})
    moment = now or clock.now()
    remark = JournalRemark.objects.create(journal=journal, act=act, author_id=actor.user_id, text=text, made_at=moment)
    record(
        actor=actor,
        action=f"journal.{act}",
        object_type="journal",
        object_id=journal.pk,
        week=f"{journal.iso_year}-W{journal.iso_week:02d}",
        version=journal.version,
    )
    _tell(journal, remark)
    return remark


def _tell(journal: Journal, remark: JournalRemark) -> None:
    """The cadre hears of a reader's remark; those who remarked before hear of the cadre's answer."""
    if remark.author_id == journal.cadre_id:
        people = set(journal.remarks.exclude(author_id=remark.author_id).values_list("author_id", flat=True))
        url = reverse("journal-detail", args=[journal.pk])
    else:
        people, url = {journal.cadre_id}, reverse("journal-week", args=[journal.iso_year, journal.iso_week])
    kind = Kind.TODO if remark.act == Act.RETURN else Kind.PROGRESS
    tell(
        [Told(user, kind) for user in people],
        text=f"{journal}的周记{WORDS[Act(remark.act)]}",
        url=f"{url}#remarks",
        source=f"journal-remark:{remark.pk}",
        now=remark.made_at,
    )
