"""A cadre's reflection on a quarter: written, handed in after the quarter, remarked on or returned. Source: docs/domain.md, "Quarterly analysis"."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from visits.models import Reflection, ReflectionRemark, field_of
from visits.quarters import next_quarter, quarter_code, quarter_label, quarter_of, reflection_due

Act = ReflectionRemark.Act


@transaction.atomic
def reflection_save(
    *,
    quarter: date,
    version: int,
    methods: str,
    insights: str,
    next_steps: str,
    actor: Scope,
    now: datetime | None = None,
) -> Reflection:
    """Keep the actor's own draft; `version` 0 where there is none yet.

    Raises `NotFound` (a quarter to come), `InvalidTransition` (handed in), `StaleVersion`, `FieldErrors`.
    """
    reflection = _own(quarter, actor, now or clock.now())
    _check_open(reflection, version)
    _write(reflection, methods, insights, next_steps)
    return _saved(reflection, actor, "save")


@transaction.atomic
def reflection_submit(
    *,
    quarter: date,
    version: int,
    methods: str,
    insights: str,
    next_steps: str,
    actor: Scope,
    now: datetime | None = None,
) -> Reflection:
    """Hand it in; after the deadline it is marked late. The same handed in twice is handed in once. Errors as `reflection_save`.

    Raises `InvalidTransition` while the quarter is not over, and `FieldErrors` for a part left empty.
    """
    moment = now or clock.now()
    reflection = _own(quarter, actor, moment)
    if _handed_in_so(reflection, version, (methods, insights, next_steps)):
        return reflection
    _check_open(reflection, version)
    today = clock.local_date(moment)
    if today < next_quarter(quarter):
        raise InvalidTransition(
            f"{quarter_label(quarter)}还没有过完，可以先保存草稿，{zh_day(next_quarter(quarter))}起提交。"
        )
    _write(reflection, methods, insights, next_steps)
    empty = {name: "提交前请写明这一部分。" for name in Reflection.PARTS if not getattr(reflection, name)}
    if empty:
        raise FieldErrors(empty)
    if reflection.first_submitted_at is None:
        reflection.first_submitted_at, reflection.is_late = moment, today > reflection_due(quarter).day
    reflection.state = Reflection.State.SUBMITTED
    reflection.submitted_at, reflection.returned_at = moment, None
    return _saved(reflection, actor, "submit", late=reflection.is_late)


@transaction.atomic
def reflection_comment(*, reflection_id: int, text: str, actor: Scope, now: datetime | None = None) -> ReflectionRemark:
    """A remark by a leader or staff, after which it counts as 已点评, or by its cadre in answer.

    Raises `NotFound`, `Forbidden`, `InvalidTransition` (not handed in), `FieldErrors`.
    """
    require(actor, "reflection.view")
    reflection = _locked(reflection_id, actor)
    own = reflection.cadre_id == actor.user_id
    if reflection.is_open:
        raise InvalidTransition("这份心得还没有提交，提交后才能点评。")
    if not own:
        require(actor, "reflection.review")
        if reflection.state != Reflection.State.REMARKED:
            reflection.state = Reflection.State.REMARKED
            reflection.version += 1
            reflection.save()
    return _say(reflection, Act.COMMENT, text, actor, now or clock.now())


@transaction.atomic
def reflection_return(
    *, reflection_id: int, version: int | None, text: str, actor: Scope, now: datetime | None = None
) -> Reflection:
    """Back to the cadre with a reason, to be changed and handed in anew.

    Raises `NotFound`, `Forbidden` (own), `StaleVersion`, `InvalidTransition`, `FieldErrors`.
    """
    require(actor, "reflection.review")
    reflection = _locked(reflection_id, actor)
    if reflection.cadre_id == actor.user_id:
        raise Forbidden("不能退回自己的心得。")
    if reflection.version != version:
        raise StaleVersion
    if reflection.is_open:
        raise InvalidTransition("这份心得已经退回，等驻联干部修改。")
    moment = now or clock.now()
    reflection.state, reflection.submitted_at, reflection.returned_at = Reflection.State.DRAFT, None, moment
    reflection.version += 1
    reflection.save()
    _say(reflection, Act.RETURN, text, actor, moment)
    return reflection


def _own(quarter: date, actor: Scope, moment: datetime) -> Reflection:
    """The actor's own reflection, made where there is none, locked until the transaction ends."""
    require(actor, "reflection.write")
    if quarter != quarter_of(quarter) or quarter > clock.local_date(moment):
        raise NotFound("这个季度还没有开始。")
    reflection, _ = Reflection.objects.select_for_update(of=("self",)).get_or_create(
        cadre_id=actor.user_id, quarter=quarter
    )
    return reflection


def _locked(reflection_id: int, actor: Scope) -> Reflection:
    rows = Reflection.objects.visible_to(actor).select_for_update(of=("self",))
    reflection = rows.filter(pk=reflection_id).first()
    if reflection is None:
        raise NotFound
    return reflection


def _check_open(reflection: Reflection, version: int) -> None:
    if not reflection.is_open:
        raise InvalidTransition("这份心得已经提交，不能再改；退回后才能修改。")
    if reflection.version != version:
        raise StaleVersion


def _handed_in_so(reflection: Reflection, version: int, texts: Sequence[str]) -> bool:
    """Whether this very submission has come through before."""
    if reflection.is_open or reflection.version != version + 1:
        return False
    return all(getattr(reflection, name) == text.strip() for name, text in zip(Reflection.PARTS, texts, strict=True))


def _write(reflection: Reflection, *texts: str) -> None:
    errors = {}
    for name, text in zip(Reflection.PARTS, texts, strict=True):
        longest = field_of(Reflection, name).max_length or 0
        if len(text.strip()) > longest:
            errors[name] = f"最多 {longest} 个字，现有 {len(text.strip())} 个字。"
        setattr(reflection, name, text.strip())
    if errors:
        raise FieldErrors(errors)


def _saved(reflection: Reflection, actor: Scope, act: str, **facts: object) -> Reflection:
    reflection.version += 1
    reflection.save()
    _record(reflection, actor, act, **facts)
    return reflection


def _record(reflection: Reflection, actor: Scope, act: str, **facts: object) -> None:
    record(
        actor=actor,
        action=f"reflection.{act}",
        object_type="reflection",
        object_id=reflection.pk,
        quarter=quarter_code(reflection.quarter),
        version=reflection.version,
        **facts,
    )


def _say(reflection: Reflection, act: str, text: str, actor: Scope, moment: datetime) -> ReflectionRemark:
    text = text.strip()
    longest = field_of(ReflectionRemark, "text").max_length or 0
    if not text:
        raise FieldErrors({"text": "请写明退回的理由。" if act == Act.RETURN else "请写几句点评。"})
    if len(text) > longest:
        raise FieldErrors({"text": f"最多 {longest} 个字，现有 {len(text)} 个字。"})
    remark = ReflectionRemark.objects.create(
        reflection=reflection, act=act, author_id=actor.user_id, text=text, made_at=moment
    )
    _record(reflection, actor, act)
    _tell(reflection, remark)
    return remark


def _tell(reflection: Reflection, remark: ReflectionRemark) -> None:
    """The cadre hears of a remark; those who remarked before hear of the cadre's answer."""
    code = quarter_code(reflection.quarter)
    if remark.author_id == reflection.cadre_id:
        people = set(reflection.remarks.exclude(author_id=remark.author_id).values_list("author_id", flat=True))
        url, words = reverse("reflection", args=[reflection.pk]), "有了回复"
    else:
        people, url = {reflection.cadre_id}, reverse("reflection-own", args=[code])
        words = "被退回，请修改后重新提交" if remark.act == Act.RETURN else "有新点评"
    kind = Kind.TODO if remark.act == Act.RETURN else Kind.PROGRESS
    tell(
        [Told(user, kind) for user in people],
        text=f"{quarter_label(reflection.quarter)}的心得{words}",
        url=f"{url}#remarks",
        source=f"reflection-remark:{remark.pk}",
        now=remark.made_at,
    )
