"""Groups of the monthly meeting: made, changed; members join and leave. Past memberships are never rewritten."""

from datetime import date

from django.db import IntegrityError, transaction

from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.audit.services import record
from unionportal.core.common.errors import Conflict, FieldErrors, NotFound, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit
from visits.models import GroupMember, MeetingGroup
from visits.models.groups import GROUP_NAME_LENGTH


def may_chair(user: User) -> bool:
    """Whether a person can be in charge of a group and chair its meetings: leaders and staff of the district."""
    return user.is_active and RoleGrant.objects.filter(user=user, role__in=[Role.LEADER, Role.STAFF]).exists()


@transaction.atomic
def meeting_group_create(*, name: str, leader: User, actor: Scope) -> MeetingGroup:
    """A group without members yet. FieldErrors at name or leader."""
    require(actor, "meeting.groups")
    group = MeetingGroup(name=name.strip(), leader=leader)
    _save(group)
    record(actor=actor, action="meeting_group.create", object_type="meeting_group", object_id=group.pk)
    return group


@transaction.atomic
def meeting_group_update(
    *, group_id: int, version: int | None, name: str, leader: User, is_active: bool, actor: Scope
) -> MeetingGroup:
    """Change a group. Meetings that are planned keep their chair. Raises NotFound, StaleVersion, FieldErrors."""
    require(actor, "meeting.groups")
    group = _locked(group_id)
    if version is not None and version != group.version:
        raise StaleVersion
    group.name, group.leader, group.is_active = name.strip(), leader, is_active
    group.version += 1
    _save(group)
    record(
        actor=actor,
        action="meeting_group.update",
        object_type="meeting_group",
        object_id=group.pk,
        is_active=is_active,
    )
    return group


@transaction.atomic
def group_member_add(
    *,
    group_id: int,
    start_on: date,
    actor: Scope,
    cadre: User | None = None,
    township: Unit | None = None,
    end_on: date | None = None,
) -> GroupMember:
    """Take a cadre or a township into a group from a day on. FieldErrors at cadre, township or end_on; an overlap names the other group."""
    require(actor, "meeting.groups")
    group = _locked(group_id)
    field = "cadre" if cadre else "township"
    if (cadre is None) == (township is None):
        raise FieldErrors({"cadre": "请选择一名驻联干部，或者一个镇街。"})
    if cadre is not None and not User.objects.cadres().filter(pk=cadre.pk).exists():
        raise FieldErrors({"cadre": f"{cadre}不是在岗的驻联干部。"})
    if township is not None and township.kind != Unit.Kind.TOWNSHIP:
        raise FieldErrors({"township": f"{township}不是镇街。"})
    if end_on is not None and end_on < start_on:
        raise FieldErrors({"end_on": "结束日期不能早于开始日期。"})
    there = GroupMember.objects.filter(cadre=cadre, township=township).overlapping(start_on, end_on)
    if other := there.select_related("group").first():
        raise FieldErrors({field: _already(other)})
    member = GroupMember(group=group, cadre=cadre, township=township, start_on=start_on, end_on=end_on)
    try:
        with transaction.atomic():
            member.save()
    except IntegrityError:  # somebody was faster
        raise FieldErrors({field: "这段时间里已经在一个分组里，请刷新后再看。"}) from None
    record(
        actor=actor,
        action="meeting_group.join",
        object_type="meeting_group",
        object_id=group.pk,
        cadre=cadre.username if cadre else "",
        township=township.code if township else "",
        start_on=start_on.isoformat(),
    )
    return member


@transaction.atomic
def group_member_end(*, member_id: int, end_on: date, actor: Scope) -> GroupMember:
    """Set a member's last day. FieldErrors at end_on; Conflict where it has an earlier one already."""
    require(actor, "meeting.groups")
    member = GroupMember.objects.select_for_update(of=("self",)).filter(pk=member_id).first()
    if member is None:
        raise NotFound
    if end_on < member.start_on:
        raise FieldErrors({"end_on": f"结束日期不能早于开始日期（{zh_day(member.start_on)}）。"})
    if member.end_on is not None and member.end_on <= end_on:
        raise Conflict(f"已定于{zh_day(member.end_on)}结束，不能改晚；需要时请重新加入。")
    member.end_on = end_on
    member.save(update_fields=["end_on"])
    record(
        actor=actor,
        action="meeting_group.leave",
        object_type="meeting_group",
        object_id=member.group_id,
        on=end_on.isoformat(),
    )
    return member


def _already(member: GroupMember) -> str:
    until = f"到{zh_day(member.end_on)}" if member.end_on else "起"
    return f"{member}{zh_day(member.start_on)}{until}在“{member.group}”，同一时间只能在一个分组。"


def _locked(group_id: int) -> MeetingGroup:
    group = MeetingGroup.objects.select_for_update().filter(pk=group_id).first()
    if group is None:
        raise NotFound
    return group


def _save(group: MeetingGroup) -> None:
    if not group.name or len(group.name) > GROUP_NAME_LENGTH:
        raise FieldErrors({"name": f"请写一个名称，最多 {GROUP_NAME_LENGTH} 个字。"})
    if not may_chair(group.leader):
        raise FieldErrors({"leader": f"{group.leader}不是区总的领导或工作人员，请另选。"})
    taken = MeetingGroup.objects.filter(name=group.name).exclude(pk=group.pk)
    if taken.exists():
        raise FieldErrors({"name": "已经有一个同名的分组。"})
    group.save()
