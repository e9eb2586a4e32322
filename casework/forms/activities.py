"""Forms of service activities: the plan, a session, the acts of its page, answering many issues."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms

from casework.activity_flow import ACTIVITY_KIND_LABELS
from casework.forms.acts import ActForm, day_field, money_field, number_field, text_field
from casework.models import ServiceActivity
from casework.models.activities import NOTE_LENGTH, PLACE_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from casework.services.activities import organisers_for, townships_for
from casework.services.activity_enterprises import enterprises_named
from casework.services.answers import ANSWER_LENGTH
from casework.services.moves import NOTE_LENGTH as REPORT_LENGTH
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.widgets import PhotosField
from unionportal.core.orgs.models import Enterprise, Unit


class ActivityForm(forms.Form):
    """The plan. The uuid is made when the form opens, so a repeated submit is the same row."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="类型",
        choices=list(ACTIVITY_KIND_LABELS.items()),
        widget=forms.RadioSelect,
        error_messages={"required": "请选择活动类型。"},
    )
    title = forms.CharField(
        label="名称",
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "如：春季用工招聘会"}),
        error_messages={"required": "请写活动名称。"},
    )
    planned_on = day_field("计划日期")
    township = forms.ModelChoiceField(
        Unit.objects.none(),
        label="镇街",
        to_field_name="code",
        required=False,
        empty_label="全区",
        error_messages={"required": "请选择镇街。", "invalid_choice": "请在您的范围内选择镇街。"},
    )
    organiser = forms.ModelChoiceField(
        Unit.objects.none(),
        label="主办单位",
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择主办单位。", "invalid_choice": "请在可选的单位中选择主办单位。"},
    )
    budget = money_field("预算")
    plan = text_field("活动方案", TEXT_LENGTH, rows=5, required=False)
    enterprises = forms.CharField(
        label="邀请企业",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一家，写企业全称或统一社会信用代码，可以从表格里整列粘贴。",
    )

    def __init__(self, data: Any = None, *, scope: Scope, activity: ServiceActivity | None = None) -> None:
        super().__init__(data)
        self.scope = scope
        self.fields["township"].queryset = townships_for(scope)
        organisers = organisers_for(scope)
        if not scope.has(Role.STAFF):
            self.fields["township"].required = True
            self.fields["township"].empty_label = None
        if activity is None:
            self._open()
        else:
            del self.fields["uuid"]
            organisers = organisers | Unit.objects.filter(pk=activity.organiser_id)
            self._fill(activity)
        self.fields["organiser"].queryset = organisers.order_by("kind", "code")

    def _open(self) -> None:
        own = Unit.objects.filter(pk__in=self.scope.township_ids).first()
        self.initial = {"uuid": uuid4(), "planned_on": clock.today()}
        if own is not None and not self.scope.has(Role.STAFF):
            self.initial |= {"township": own.code, "organiser": own.code}

    def _fill(self, activity: ServiceActivity) -> None:
        invited = Enterprise.objects.visible_to(self.scope).filter(pk__in=activity.invited.values("enterprise"))
        self.initial = {
            **{name: getattr(activity, name) for name in ("kind", "title", "planned_on", "budget", "plan")},
            "organiser": activity.organiser.code,
            "township": activity.township.code if activity.township is not None else None,
            "enterprises": "\n".join(invited.order_by("pinyin_key", "id").values_list("name", flat=True)),
        }

    def clean_enterprises(self) -> list[Enterprise]:
        try:
            return enterprises_named(self.cleaned_data["enterprises"].splitlines(), self.scope)
        except FieldErrors as error:
            raise forms.ValidationError(error.fields["enterprises"]) from None


class SessionForm(ActForm):
    """A session; one to come has its day and place only. `subject`: the activity, or the session that is changed."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    held_on = day_field("日期")
    place = forms.CharField(label="地点", max_length=PLACE_LENGTH, error_messages={"required": "请写地点。"})
    attendance = number_field("参加人次")
    cost = money_field("经费（元）")
    leaflets = number_field("发放资料（份）")
    note = text_field("说明", NOTE_LENGTH, rows=2, required=False)

    def prepare(self) -> None:
        if isinstance(self.subject, ServiceActivity):
            self.initial = {"uuid": uuid4(), "held_on": self.subject.planned_on}
            return
        del self.fields["uuid"]
        self.initial = {name: getattr(self.subject, name) for name in self.fields}

    def clean_attendance(self) -> int:
        return self.cleaned_data["attendance"] or 0

    def clean_leaflets(self) -> int:
        return self.cleaned_data["leaflets"] or 0

    def clean_cost(self) -> Decimal:
        return self.cleaned_data["cost"] or Decimal(0)


class GuestsForm(ActForm):
    """Which of the invited came."""

    invited_ids = forms.MultipleChoiceField(
        label="到场的企业",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请在受邀企业中选择。"},
    )

    def prepare(self) -> None:
        rows = list(self.subject.invited.all())
        self.fields["invited_ids"].choices = [(str(row.pk), row.enterprise.name) for row in rows]
        self.initial["invited_ids"] = [str(row.pk) for row in rows if row.attended]

    def clean_invited_ids(self) -> list[int]:
        return [int(pk) for pk in self.cleaned_data["invited_ids"]]


class HoldForm(ActForm):
    """Holding asks nothing: the sessions say when and where."""


class FinishForm(ActForm):
    summary = text_field("活动小结", TEXT_LENGTH, rows=5)


class CancelForm(ActForm):
    cancel_reason = text_field("取消原因", TEXT_LENGTH)


class PhotosForm(forms.Form):
    photos = PhotosField(label="照片", required=False)


class AnswerManyForm(forms.Form):
    """One text for many issues; which ones is ticked in the table, with the version seen."""

    note = text_field("办理情况和结果", REPORT_LENGTH, rows=4, missing="请写明办理情况和结果。")
    answer = text_field("给反映人的答复", ANSWER_LENGTH, required=False)

    def __init__(self, data: Any = None, *, with_answer: bool) -> None:
        super().__init__(data)
        if with_answer:
            self.fields["answer"].help_text = "只发给勾选诉求中凭查询链接反映的人，他们只看得到这一栏。"
        else:
            del self.fields["answer"]

    @staticmethod
    def rows(ticked: list[str]) -> list[tuple[str, int | None]]:
        """The ticked boxes as number and version; a value nobody's page made is a row without a version."""
        pairs = (text[:40].partition(":") for text in ticked)
        return [(code, int(v) if v.isascii() and v.isdigit() and len(v) < 10 else None) for code, _, v in pairs]
