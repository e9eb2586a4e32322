"""Filters of the issue list, in the URL; the API takes the same."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from casework.models import Category, Issue
from casework.search import Word, newest_first, words_of
from casework.workflow import IN_HAND_STATES, OUTCOME_LABELS, STATE_LABELS
from unionportal.core.common import clock
from unionportal.core.common.filtering import DirectoryFilter, ListFilter
from unionportal.core.common.scope import Role
from unionportal.core.common.widgets import DayInput
from unionportal.core.orgs.filters import township_filter
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.workcal.days import add_workdays

DUE = (("overdue", "已逾期"), ("soon", "今明到期"))
MINE = (("waiting", "待我办理"), ("registered", "我登记的"))


class IssueFilter(ListFilter):
    """`scope` comes from the request: who is asking decides what 我登记的 and 待我办理 mean."""

    alike = True
    words: Sequence[Word] = ()

    q = django_filters.CharFilter(
        label="搜索",
        method="search",
        widget=forms.TextInput(attrs={"placeholder": "编号、标题、内容、企业、反映人、答复", "type": "search"}),
    )
    state = django_filters.ChoiceFilter(
        label="状态", choices=[("open", "未办结"), *STATE_LABELS.items()], method="in_state", empty_label="全部"
    )
    outcome = django_filters.ChoiceFilter(label="办理结果", choices=list(OUTCOME_LABELS.items()), empty_label="全部")
    category = DirectoryFilter(
        label="类别", queryset=Category.objects.all(), to_field_name="code", label_field="name", empty_label="全部"
    )
    township = township_filter()
    holder = DirectoryFilter(
        label="承办单位",
        queryset=Unit.objects.exclude(kind="city"),
        to_field_name="code",
        label_field="short_name",
        empty_label="全部",
    )
    due = django_filters.ChoiceFilter(label="期限", choices=DUE, method="by_due", empty_label="不限")
    received_from = django_filters.DateFilter(
        label="收集起", field_name="received_on", lookup_expr="gte", widget=DayInput
    )
    received_to = django_filters.DateFilter(
        label="收集止", field_name="received_on", lookup_expr="lte", widget=DayInput
    )
    enterprise = django_filters.ModelChoiceFilter(
        label="企业", queryset=Enterprise.objects.all(), to_field_name="credit_code", widget=forms.HiddenInput
    )
    mine = django_filters.ChoiceFilter(label="范围", choices=MINE, method="of_mine", widget=forms.HiddenInput)

    class Meta:
        model = Issue
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        self.words = words_of(value, self.request.scope)
        return queryset.filter(*(word.found for word in self.words))

    def newest_first(self) -> list[QuerySet]:
        """What `qs`, which reads the words and comes first, finds among the newest issues; nothing where no word is searched for, or one of few."""
        return newest_first(self.without("q"), self.words) if self.words else []

    def in_parts(self) -> list[QuerySet]:
        """What the filters leave of each part of the list; empty where words or what somebody registered are asked for, which have indexes."""
        asked, scope = self.form.cleaned_data if self.form.is_valid() else {}, self.request.scope
        if asked.get("q") or asked.get("mine") == "registered":
            return []
        if asked.get("mine"):
            return [self.of(rows, but="mine") for rows in Issue.objects.visible_to(scope).waiting_in_parts(scope)]
        return [self.of(rows) for rows in Issue.objects.in_parts(scope)]

    def in_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.open() if value == "open" else queryset.filter(state=value)

    def by_due(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        """Of what a unit holds now: past its handling deadline, or due today or on the next workday."""
        today = clock.today()
        in_hand = queryset.filter(state__in=IN_HAND_STATES)
        if value == "overdue":
            return in_hand.filter(due_on__lt=today)
        return in_hand.filter(due_on__range=(today, add_workdays(today, 1).day))

    def of_mine(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        scope = self.request.scope
        if value == "registered":
            return queryset.filter(registered_by_id=scope.user_id)
        return queryset.waiting_for(scope)


class IssueListFilter(IssueFilter):
    """The same for the page: whoever works in one township is not asked which."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = self.request.scope
        if not scope.district and not scope.has(Role.CADRE, Role.HANDLER) and len(scope.township_ids) == 1:
            del self.form.fields["township"]
