"""Forms of building: the plan, a project, its moves, money, photos, acceptance."""

from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, text_field
from casework.services.activities import townships_for
from stations.models import BuildProject, ProjectMoney, ProjectPhoto, Station
from stations.models.building import ADDRESS_LENGTH, NAME_LENGTH, NOTE_LENGTH, SOURCE_LENGTH
from stations.services.accepting import ONLY_YES_OR_NO
from stations.services.building import MOST_NUMBER, ProjectFacts
from stations.targets import LABELS
from unionportal.core.common import clock
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.widgets import PhotosField
from unionportal.core.orgs.models import Unit
from visits.forms.checklists import SheetForm
from visits.models import ChecklistVersion
from visits.models.checklists import CHOICES


def money_field(label: str, **options: Any) -> forms.DecimalField:
    """Yuan with two decimals."""
    return forms.DecimalField(
        label=label,
        max_digits=12,
        decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01"}),
        error_messages={
            "required": f"请填写{label}。",
            "invalid": "请填写数字。",
            "max_decimal_places": "最多两位小数。",
            "max_digits": "数字太大。",
            "max_whole_digits": "数字太大。",
        },
        **options,
    )


class PlanForm(forms.Form):
    """The numbers of a plan, and where they come from."""

    note = text_field("依据", NOTE_LENGTH, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = {name: _number(label) for name, label in LABELS.items()}
        self.fields = {**numbers, **self.fields}

    def numbers(self) -> dict[str, int]:
        """What was typed; call after `is_valid`."""
        return {name: self.cleaned_data[name] or 0 for name in LABELS}


def _number(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_NUMBER,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 0, "max": MOST_NUMBER}),
        error_messages={
            "invalid": "请填写整数。",
            "min_value": "不能是负数。",
            "max_value": f"最多 {MOST_NUMBER}。",
        },
    )


class ProjectForm(forms.Form):
    """What a project is to be. The uuid is made when the form opens."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="类型",
        choices=BuildProject.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择新建或改造。"},
    )
    name = forms.CharField(
        label="项目名称",
        max_length=NAME_LENGTH,
        error_messages={"required": "请写项目名称。", "max_length": "名称太长。"},
    )
    year = forms.TypedChoiceField(label="计划年度", coerce=int)
    township = forms.ModelChoiceField(
        Unit.objects.none(),
        label="镇街",
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择镇街。", "invalid_choice": "请在您的范围内选择镇街。"},
    )
    station = forms.ModelChoiceField(
        Station.objects.none(),
        label="驿站",
        to_field_name="code",
        required=False,
        empty_label="还没有登记",
        help_text="改造的驿站；新建的在登记驿站后选定。",
        error_messages={"invalid_choice": "请在您的范围内选择驿站。"},
    )
    address = forms.CharField(label="地址", max_length=ADDRESS_LENGTH, required=False)
    level = forms.ChoiceField(label="目标等级", choices=Station.Level.choices, widget=forms.RadioSelect)
    open_all_day = forms.BooleanField(label="24 小时开放", required=False)
    budget = money_field("预算", min_value=0)
    planned_on = day_field("计划完成日期")

    def __init__(
        self, data: Any = None, *, scope: Scope, project: BuildProject | None = None, township: str = ""
    ) -> None:
        super().__init__(data)
        this = clock.today().year
        years = sorted({this - 1, this, this + 1, *([project.year] if project else [])})
        self.fields["year"].choices = [(year, f"{year}年") for year in years]
        self.fields["township"].queryset = townships_for(scope)
        stations = Station.objects.managed_by(scope).exclude(state=Station.State.WITHDRAWN)
        self.fields["station"].queryset = stations.order_by("township__code", "name")
        if project is None:
            self.initial = {"uuid": uuid4(), "year": this, "level": Station.Level.BASIC, "kind": BuildProject.Kind.NEW}
            if township:
                self.initial["township"] = township
            elif not scope.has(Role.STAFF):
                self.initial["township"] = townships_for(scope).values_list("code", flat=True).first()
            return
        del self.fields["uuid"]
        names = ("kind", "name", "year", "address", "level", "open_all_day", "budget", "planned_on")
        self.initial = {name: getattr(project, name) for name in names} | {
            "township": project.township.code,
            "station": project.station.code if project.station else None,
        }

    def facts(self) -> ProjectFacts:
        """What the services take; call after `is_valid`."""
        return ProjectFacts(**{name: value for name, value in self.cleaned_data.items() if name != "uuid"})


class MoneyForm(ActForm):
    """Money granted or spent."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="类型",
        choices=ProjectMoney.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择。"},
    )
    source = forms.ChoiceField(
        label="资金来源",
        choices=ProjectMoney.Source.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择资金来源。"},
    )
    amount = money_field("金额", help_text="元；记错的填负数冲减。")
    on = day_field("日期")
    paper = forms.CharField(label="凭证或文件", max_length=SOURCE_LENGTH, required=False)

    def prepare(self) -> None:
        self.initial = {"uuid": uuid4(), "on": clock.today()}


class ProjectPhotosForm(ActForm):
    """Photos of one stage."""

    stage = forms.ChoiceField(
        label="阶段",
        choices=ProjectPhoto.Stage.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择阶段。"},
    )
    photos = PhotosField(label="照片", required=False)  # the service says what is missing


class AcceptanceSheet(SheetForm):
    """The items of an acceptance. There is no 不涉及: each is there, or it is missing."""

    def __init__(self, data: Any = None, *, checklist_version: ChecklistVersion) -> None:
        super().__init__(data, checklist_version=checklist_version)
        for item in self.items:
            field = self.fields[item.code]
            if isinstance(field, forms.ChoiceField):
                field.choices = [choice for choice in CHOICES[item.answer] if choice[0] != "na"]
                field.error_messages["invalid_choice"] = ONLY_YES_OR_NO


class AcceptanceForm(forms.Form):
    """What surrounds the items of the checklist."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    checklist = forms.IntegerField(widget=forms.HiddenInput)
    accepted_on = day_field("验收日期")
    note = text_field("情况说明", NOTE_LENGTH, required=False)
