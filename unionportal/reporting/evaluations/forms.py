"""Forms of the year's evaluation."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError

from casework.forms.acts import ActForm, day_field, text_field
from casework.forms.notes import FilesField
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit
from unionportal.reporting.evaluations.indicators import INDICATORS
from visits.models import Award, Criterion, EvaluationRound, Nomination, Review, Reviewer
from visits.models.evaluations import CRITERION_LENGTH
from visits.models.nominations import ABSTRACT_LENGTH, COMMENT_LENGTH, REASON_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from visits.services.evaluation_rules import CRITERIA_MOST, CriterionInput
from visits.services.nominations import units_to_name
from visits.services.recusals import REVIEWING_ROLES

_SEPARATORS = "、，,；;\n\t "


def words_of(text: str) -> list[str]:
    """What was typed one after the other, by 、, comma or space."""
    for mark in _SEPARATORS:
        text = text.replace(mark, " ")
    return list(dict.fromkeys(text.split()))


class DatesForm(ActForm):
    nominate_from = day_field("提名开始")
    nominate_until = day_field("提名截止")
    review_until = day_field("评审截止")
    publish_on = day_field("计划公布")

    def prepare(self) -> None:
        if isinstance(self.subject, EvaluationRound):
            self.initial.update({name: getattr(self.subject, name) for name in self.fields})


class RoundForm(DatesForm):
    year = forms.IntegerField(label="年度", error_messages={"required": "请填写年度。", "invalid": "请填写四位年份。"})
    field_order = ("year",)

    def prepare(self) -> None:
        self.initial["year"] = clock.today().year


class MoveForm(ActForm):
    """A move asks nothing but to be meant."""


class LockForm(ActForm):
    without_missing = forms.BooleanField(label="不等没有提交的评分", required=False)


class ReasonForm(ActForm):
    reason = text_field("理由", REASON_LENGTH, rows=2, missing="请写明理由。")


class ReviewerForm(ActForm):
    user = forms.ModelChoiceField(
        User.objects.none(),
        label="评审人",
        to_field_name="username",
        empty_label="请选择",
        error_messages={"required": "请选择评审人。", "invalid_choice": "请在名单中选择。"},
    )

    def prepare(self) -> None:
        named = self.subject.reviewers.values("user_id")
        able = User.objects.filter(is_active=True, grants__role__in=REVIEWING_ROLES).exclude(grants__role="staff")
        self.fields["user"].queryset = able.exclude(pk__in=named).distinct().order_by("pinyin_key", "pk")


class ReviewerOfRoundForm(ActForm):
    reviewer = forms.ModelChoiceField(
        Reviewer.objects.none(),
        label="评审人",
        empty_label="请选择",
        error_messages={"required": "请选择评审人。"},
    )

    def prepare(self) -> None:
        found = self.subject if isinstance(self.subject, EvaluationRound) else self.subject.round
        self.fields["reviewer"].queryset = found.reviewers.select_related("user")


class OrderRecusalForm(ReviewerOfRoundForm):
    reason = text_field("理由", REASON_LENGTH, rows=2, missing="请写明理由。")


class WeightsForm(forms.Form):
    """A weight for each indicator of cadres or of townships."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for indicator in INDICATORS:
            self.fields[indicator.id] = forms.IntegerField(
                label=indicator.name,
                min_value=0,
                max_value=100,
                error_messages={"required": "请填写权重，不计的填 0。", "invalid": "权重是 0 到 100 之间的整数。"},
            )


class CriteriaForm(forms.Form):
    """Up to eight criteria of a kind; an empty line is none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(CRITERIA_MOST):
            self.fields[f"name_{number}"] = forms.CharField(
                label=f"第 {number + 1} 条标准", max_length=CRITERION_LENGTH, required=False
            )
            for name, label in (("weight", "权重"), ("most", "满分")):
                self.fields[f"{name}_{number}"] = forms.IntegerField(
                    label=f"第 {number + 1} 条的{label}",
                    min_value=1,
                    max_value=100,
                    required=False,
                    error_messages={"invalid": "请填 1 到 100 之间的整数。"},
                )

    @property
    def rows(self) -> list[tuple[Any, Any, Any]]:
        """The fields line by line."""
        return [
            (self[f"name_{number}"], self[f"weight_{number}"], self[f"most_{number}"])
            for number in range(CRITERIA_MOST)
        ]

    def criteria(self) -> list[CriterionInput]:
        """The lines that were filled in, from the first to the last of them."""
        given = self.cleaned_data
        lines = [
            (given[f"name_{number}"].strip(), given[f"weight_{number}"], given[f"most_{number}"])
            for number in range(CRITERIA_MOST)
        ]
        while lines and not any(lines[-1]):
            lines.pop()
        return [CriterionInput(name, weight or 0, most or 0) for name, weight, most in lines]


def criteria_texts(criteria: Sequence[Criterion]) -> dict[str, Any]:
    """The criteria as the form shows them first."""
    return {
        f"{name}_{number}": getattr(row, name)
        for number, row in enumerate(criteria)
        for name in ("name", "weight", "most")
    }


class NominationForm(forms.Form):
    """A nomination. Authors are written by name, as on the title page of a paper."""

    uuid = forms.UUIDField(widget=forms.HiddenInput(attrs={"data-client-id": ""}))
    title = forms.CharField(label="题目", max_length=TITLE_LENGTH, error_messages={"required": "请填写题目。"})
    abstract = text_field("摘要", ABSTRACT_LENGTH, rows=3, missing="请填写摘要。")
    text = text_field(
        "正文", TEXT_LENGTH, rows=10, missing="请填写正文。", help_text="评审不记名，正文和附件里请不要写姓名和单位。"
    )
    authors = forms.CharField(
        label="作者",
        max_length=200,
        help_text="姓名按署名顺序写，用顿号隔开；同名的写用户名。",
        error_messages={"required": "请填写作者。"},
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="镇街",
        required=False,
        empty_label="不以镇街名义",
        to_field_name="code",
        error_messages={"invalid_choice": "请在名单中选择。"},
    )
    issues = forms.CharField(
        label="相关诉求编号", max_length=300, required=False, help_text="如 YC-2024-000123，用空格隔开。"
    )
    attachments = FilesField(label="附件", required=False)

    def __init__(self, *args: Any, scope: Scope, nomination: Nomination | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = {unit.pk for unit in units_to_name(scope)}
        if nomination is not None and nomination.unit_id is not None:
            units.add(nomination.unit_id)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=units).order_by("code")
        self.initial.setdefault("uuid", uuid4())
        if nomination is None:
            self.initial.setdefault("unit", next(iter(self.fields["unit"].queryset.values_list("code", flat=True)), ""))
            return
        self.fields["remove"] = forms.ModelMultipleChoiceField(
            nomination.files.select_related("attachment"),
            label="去掉的附件",
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        self.fields["remove"].label_from_instance = lambda row: row.attachment.name

    def clean_authors(self) -> tuple[User, ...]:
        return tuple(_author(word) for word in words_of(self.cleaned_data["authors"]))

    def clean_issues(self) -> tuple[str, ...]:
        return tuple(word.upper() for word in words_of(self.cleaned_data["issues"]))


def closed(form: forms.Form) -> None:
    """Show a form's fields without letting them be changed."""
    for field in form.fields.values():
        field.disabled = True


def nomination_texts(nomination: Nomination) -> dict[str, Any]:
    """A nomination as the form shows it first."""
    return {
        "uuid": nomination.pk,
        "title": nomination.title,
        "abstract": nomination.abstract,
        "text": nomination.text,
        "authors": "、".join(_written(author.user) for author in nomination.authors.select_related("user")),
        "unit": nomination.unit.code if nomination.unit else "",
        "issues": " ".join(nomination.issues.order_by("code").values_list("code", flat=True)),
    }


def _author(word: str) -> User:
    found = list(User.objects.filter(is_active=True, username=word)) or list(
        User.objects.filter(is_active=True, display_name=word)[:2]
    )
    if not found:
        raise ValidationError(f"没有找到“{word}”，请写姓名或用户名。")
    if len(found) > 1:
        raise ValidationError(f"不止一人叫“{word}”，请写用户名。")
    return found[0]


def _written(user: User) -> str:
    same = User.objects.filter(is_active=True, display_name=user.display_name).count()
    return user.username if same > 1 else user.display_name


class ScoresForm(forms.Form):
    """Points on each criterion, and a comment; a draft (`whole` False) may have gaps."""

    def __init__(
        self, *args: Any, criteria: Sequence[Criterion], review: Review | None, whole: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.criteria = criteria
        given = {score.criterion_id: score.points for score in review.scores.all()} if review else {}
        for each in criteria:
            words = f"请打 0 到 {each.most} 分，最多一位小数。"
            self.fields[f"points_{each.pk}"] = forms.DecimalField(
                label=each.name,
                min_value=0,
                max_value=each.most,
                max_digits=4,
                decimal_places=1,
                required=whole,
                initial=given.get(each.pk),
                help_text=f"0 到 {each.most} 分，权重 {each.weight}。",
                widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
                error_messages={
                    "required": "请打分后再提交。",
                    **dict.fromkeys(("invalid", "min_value", "max_value", "max_digits", "max_decimal_places"), words),
                },
            )
        self.fields["comment"] = text_field("评语", COMMENT_LENGTH, rows=3, required=False)
        self.initial["comment"] = review.comment if review else ""

    def points(self) -> dict[int, Any]:
        """Criterion id -> points."""
        return {each.pk: self.cleaned_data[f"points_{each.pk}"] for each in self.criteria}


class AwardForm(forms.Form):
    level = forms.TypedChoiceField(
        label="等次",
        choices=[("", "不评奖"), *Award.Level.choices],
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": "请选择等次。"},
    )
