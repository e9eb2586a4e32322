import django_filters
from django import forms
from django.db.models import Exists, OuterRef, QuerySet

from unionportal.core.common.filtering import DirectoryFilter
from unionportal.core.orgs.models import Enterprise, RiskMark, Unit

YES_NO = (("true", "是"), ("false", "否"))
RISKS = (("any", "有风险标记"), *RiskMark.Kind.choices)


def township_filter() -> DirectoryFilter:
    """镇街 of a list, by its code."""
    return DirectoryFilter(
        label="镇街",
        queryset=Unit.objects.townships(),
        to_field_name="code",
        label_field="short_name",
        empty_label="全部",
    )


class EnterpriseFilter(django_filters.FilterSet):
    """Filters of the enterprise list, in the URL; the API takes the same."""

    q = django_filters.CharFilter(label="企业名称", method="search")
    township = django_filters.ModelChoiceFilter(
        label="镇街", queryset=Unit.objects.townships(), to_field_name="code", empty_label="全部镇街"
    )
    is_key = django_filters.ChoiceFilter(label="重点企业", choices=YES_NO, method="key", empty_label="不限")
    union_state = django_filters.ChoiceFilter(
        label="建会情况", choices=Enterprise.UnionState.choices, empty_label="全部"
    )
    risk = django_filters.ChoiceFilter(label="风险", choices=RISKS, method="marked", empty_label="不限")

    class Meta:
        model = Enterprise
        fields: list[str] = []

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.form.fields["q"].widget = forms.TextInput(
            attrs={"placeholder": "汉字、拼音、首字母或信用代码", "type": "search"}
        )

    def search(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.matching(value)

    def key(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(is_key=value == "true")

    def marked(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        marks = RiskMark.objects.filter(enterprise=OuterRef("pk"), lifted_at__isnull=True)
        return queryset.filter(Exists(marks if value == "any" else marks.filter(kind=value)))
