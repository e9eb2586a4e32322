import django_filters
from django import forms
from django.db.models import Q, QuerySet

from unionportal.core.accounts.models import Posting, RoleGrant, User
from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit


class SearchInput(forms.TextInput):
    input_type = "search"


class AccountFilter(django_filters.FilterSet):
    """Filters of the account list, in the URL."""

    q = django_filters.CharFilter(
        label="姓名或用户名", method="search", widget=SearchInput(attrs={"placeholder": "汉字、拼音或用户名"})
    )
    role = django_filters.ChoiceFilter(
        label="角色",
        choices=(*RoleGrant.Role.choices, ("none", "还没有角色")),
        method="by_role",
        empty_label="全部角色",
    )
    state = django_filters.ChoiceFilter(
        label="状态",
        choices=(("active", "启用"), ("disabled", "已停用"), ("never", "从未登录")),
        method="by_state",
        empty_label="全部",
    )

    class Meta:
        model = User
        fields: list[str] = []

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)

    def by_role(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "none":
            return queryset.filter(grants__isnull=True)
        return queryset.filter(pk__in=RoleGrant.objects.filter(role=value).values("user_id"))

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        if value == "never":
            return queryset.filter(last_login__isnull=True)
        return queryset.filter(is_active=value == "active")


class PostingFilter(django_filters.FilterSet):
    """Filters of the postings, in the URL; without a state only those in force today."""

    q = django_filters.CharFilter(
        label="驻联干部", method="search", widget=SearchInput(attrs={"placeholder": "姓名、拼音或用户名"})
    )
    township = django_filters.ModelChoiceFilter(
        label="镇街",
        queryset=Unit.objects.townships().order_by("code"),
        to_field_name="code",
        method="on_township",
        empty_label="全部镇街",
    )
    state = django_filters.ChoiceFilter(
        label="时间",
        choices=(("current", "现行"), ("ahead", "尚未开始"), ("past", "已结束"), ("all", "全部")),
        method="by_state",
        empty_label=None,
    )

    class Meta:
        model = Posting
        fields: list[str] = []

    def __init__(self, data=None, *args, **kwargs) -> None:
        data = data.copy() if data is not None else {}
        data.setdefault("state", "current")
        super().__init__(data, *args, **kwargs)

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(cadre__in=User.objects.matching(value))

    def on_township(self, queryset: QuerySet, name: str, value: Unit) -> QuerySet:
        return queryset.filter(Q(township=value) | Q(enterprise__township=value))

    def by_state(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        today = clock.today()
        chosen = {"current": queryset.in_force, "ahead": queryset.ahead, "past": queryset.ended}.get(value)
        return chosen(today) if chosen else queryset
