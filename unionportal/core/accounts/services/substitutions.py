"""Substitutes (AB 岗): named by staff, or by the cadre for themselves, for a time; they end by themselves. Past rows are never rewritten."""

from datetime import date

from django.db import IntegrityError, transaction
from django.urls import reverse

from unionportal.core.accounts.models import Posting, Substitution, User
from unionportal.core.accounts.services.postings import check_cadre
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound
from unionportal.core.common.formats import zh_day, zh_short
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Scope
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell


@transaction.atomic
def substitution_create(
    *, cadre: User, substitute: User, start_on: date, end_on: date, reason: str, actor: Scope
) -> Substitution:
    """The substitute answers for the cadre's postings from a day to a day (inclusive). Both are told.

    FieldErrors at cadre, substitute, start_on, end_on or reason. Nobody stands in for themselves, for somebody who stands in at that
    time (no chains), or twice for one at once.
    """
    _require(actor, cadre.pk)
    people = sorted((cadre.pk, substitute.pk))
    list(
        User.objects.select_for_update().filter(pk__in=people).order_by("pk")
    )  # two chains made at once would see neither
    check_cadre(cadre, "cadre")
    if substitute.pk == cadre.pk:
        raise FieldErrors({"substitute": "代岗人不能是本人。"})
    check_cadre(substitute, "substitute")
    _check_period(start_on, end_on)
    if reason not in Substitution.Reason.values:
        raise FieldErrors({"reason": "请选择原因。"})
    postings = _postings(cadre, start_on, end_on)
    if not postings:
        raise FieldErrors({"cadre": f"{cadre.display_name}这段时间没有驻联分工，不需要代岗。"})
    _check_chain(cadre, substitute, start_on, end_on)
    row = Substitution(cadre=cadre, substitute=substitute, start_on=start_on, end_on=end_on, reason=reason)
    _save(row)
    record(
        actor=actor,
        action="substitution.create",
        object_type="substitution",
        object_id=row.pk,
        cadre=cadre.pk,
        substitute=substitute.pk,
        start_on=str(start_on),
        end_on=str(end_on),
    )
    _tell(row, postings, actor)
    return row


@transaction.atomic
def substitution_end(*, substitution: Substitution, actor: Scope) -> Substitution | None:
    """The cadre is back: today is its last day. One that has not begun is taken away (None). Conflict where it is over, or ends today anyway."""
    locked = Substitution.objects.select_for_update().filter(pk=substitution.pk).first()
    if locked is None:
        raise NotFound
    _require(actor, locked.cadre_id)
    today = clock.today()
    if locked.end_on <= today:
        raise Conflict(f"这次代岗到{zh_day(locked.end_on)}为止，不再更改。")
    pk, begun = locked.pk, locked.start_on <= today
    if begun:
        locked.end_on = today
        locked.save(update_fields=["end_on"])
        record(actor=actor, action="substitution.end", object_type="substitution", object_id=pk, end_on=str(today))
    else:
        locked.delete()
        record(actor=actor, action="substitution.withdraw", object_type="substitution", object_id=pk)
    words = (
        f"代岗今天结束，{zh_short(today)}后不再由您负责" if begun else f"原定{zh_short(locked.start_on)}起的代岗已取消"
    )
    people = [] if locked.substitute_id == actor.user_id else [Told(locked.substitute_id, Kind.PROGRESS)]
    tell(people, text=words, url=reverse("substitutions"), source=f"substitution:{pk}:end")
    return locked if begun else None


def _require(actor: Scope, cadre_id: int) -> None:
    """Staff arrange it for anybody, a cadre for themselves alone."""
    require(actor, "substitution.manage")
    if not allowed(actor, "posting.manage") and cadre_id != actor.user_id:
        raise Forbidden


def _check_period(start_on: date, end_on: date) -> None:
    if start_on < clock.today():
        raise FieldErrors({"start_on": "开始日期不能早于今天。"})
    if end_on < start_on:
        raise FieldErrors({"end_on": "结束日期不能早于开始日期。"})


def _postings(cadre: User, start_on: date, end_on: date) -> list[Posting]:
    """What the cadre answers for on some day of the period."""
    rows = Posting.objects.filter(cadre=cadre, start_on__lte=end_on).exclude(end_on__lt=start_on)
    return list(rows.select_related("township", "enterprise"))


def _check_chain(cadre: User, substitute: User, start_on: date, end_on: date) -> None:
    around = Substitution.objects.touching(start_on, end_on).order_by("start_on")
    away = around.filter(cadre=substitute).first()
    if away is not None:
        period = f"{zh_day(away.start_on)}至{zh_day(away.end_on)}"
        raise FieldErrors({"substitute": f"{substitute.display_name}{period}自己有人代岗，不能再代别人。"})
    standing = around.filter(substitute=cadre).select_related("cadre").first()
    if standing is not None:
        period = f"{zh_day(standing.start_on)}至{zh_day(standing.end_on)}"
        other = standing.cadre.display_name
        raise FieldErrors({"cadre": f"{cadre.display_name}{period}正代{other}的岗，请先为{other}另定代岗人。"})


def _save(row: Substitution) -> None:
    """Insert the row; the database alone decides about overlaps."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if "substitution_no_overlap" not in str(error):
            raise
        raise FieldErrors({"start_on": _overlap(row)}) from None


def _overlap(row: Substitution) -> str:
    same = Substitution.objects.filter(cadre=row.cadre).touching(row.start_on, row.end_on)
    held = same.select_related("substitute").order_by("start_on").first()
    if held is None:  # it was taken away in between
        return "与刚保存的另一次代岗时间重叠，请刷新后再试。"
    period = f"{zh_day(held.start_on)}至{zh_day(held.end_on)}"
    return f"{row.cadre.display_name}{period}已由{held.substitute.display_name}代岗，时间重叠。"


def _tell(row: Substitution, postings: list[Posting], actor: Scope) -> None:
    """Places only, no names: a message may leave the portal."""
    period = f"{zh_short(row.start_on)}至{zh_short(row.end_on)}"
    places = "、".join(dict.fromkeys(str(posting.target) for posting in postings))
    source, url = f"substitution:{row.pk}", reverse("substitutions")
    for user, kind, words in (
        (row.substitute_id, Kind.TODO, f"{period}由您代岗：{places}"),
        (row.cadre_id, Kind.PROGRESS, f"{period}已为您安排代岗：{places}"),
    ):
        if user != actor.user_id:
            tell([Told(user, kind)], text=words, url=url, source=source)
