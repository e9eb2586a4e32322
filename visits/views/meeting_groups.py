"""Pages of groups: all of them, one with its members."""

from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView
from unionportal.core.common import clock
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import get_or_404
from visits.forms.groups import GroupEditForm, GroupForm, MemberEndForm, MemberForm
from visits.models import GroupMember, MeetingGroup
from visits.services.groups import group_member_add, group_member_end, meeting_group_create, meeting_group_update


def _manages(subject: Any, scope: Scope) -> bool:
    return allowed(scope, "meeting.groups")


LIST_ACTS = (
    Act(
        "new",
        "新建分组",
        "plus",
        GroupForm,
        lambda _, actor, version, given: meeting_group_create(actor=actor, **given),
        _manages,
        words="先建分组，再把驻联干部和镇街放进去。",
        done="分组已建立，请加入成员。",
        submit="新建",
        primary=True,
    ),
)


class MeetingGroupListView(ActsView):
    action = "meeting.groups"
    template_name = "visits/meetings/groups.html"
    acts = LIST_ACTS

    def find(self, request: HttpRequest, **where: Any) -> None:
        return None

    def address(self, subject: None) -> str:
        return reverse("meeting-groups")

    def context(self, request: HttpRequest, subject: None) -> dict[str, Any]:
        current = GroupMember.objects.in_force(clock.today()).values("pk")
        groups = MeetingGroup.objects.select_related("leader").order_by("-is_active", "name")
        members = dict(
            GroupMember.objects.filter(pk__in=current)
            .order_by()
            .values_list("group")
            .annotate(number=Count("pk"))
            .values_list("group", "number")
        )
        return {"groups": [(group, members.get(group.pk, 0)) for group in groups]}

    def after(self, request: HttpRequest, subject: None, act: Act, result: Any) -> HttpResponse:
        return redirect("meeting-group", result.pk)


GROUP_ACTS = (
    Act(
        "edit",
        "修改",
        "edit",
        GroupEditForm,
        lambda g, actor, version, given: meeting_group_update(group_id=g.pk, version=version, actor=actor, **given),
        _manages,
        done="已保存。",
        submit="保存",
    ),
    Act(
        "leave",
        "成员退出",
        "minus",
        MemberEndForm,
        lambda g, actor, version, given: group_member_end(
            member_id=given["member"], end_on=given["end_on"], actor=actor
        ),
        _manages,
        lambda g: g.members.in_force(clock.today()).exists(),
        words="写最后一天。换到另一个组的，第二天起在那个组加入。",
        done="已登记退出。",
        submit="登记",
    ),
    Act(
        "join",
        "加入成员",
        "plus",
        MemberForm,
        lambda g, actor, version, given: group_member_add(group_id=g.pk, actor=actor, **given),
        _manages,
        words="一次加入一名驻联干部，或者一个镇街。同一时间只能在一个分组。",
        done="已加入。",
        submit="加入",
        primary=True,
    ),
)


class MeetingGroupView(ActsView):
    action = "meeting.groups"
    template_name = "visits/meetings/group.html"
    acts = GROUP_ACTS

    def find(self, request: HttpRequest, **where: Any) -> MeetingGroup:
        return get_or_404(MeetingGroup.objects.visible_to(request.scope).select_related("leader"), pk=where["pk"])

    def address(self, subject: MeetingGroup) -> str:
        return reverse("meeting-group", args=[subject.pk])

    def context(self, request: HttpRequest, subject: MeetingGroup) -> dict[str, Any]:
        today = clock.today()
        members = list(subject.members.select_related("cadre", "township"))
        return {
            "group": subject,
            "members": [m for m in members if m.end_on is None or m.end_on >= today],
            "former": [m for m in members if m.end_on is not None and m.end_on < today],
        }
