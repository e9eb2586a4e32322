from collections.abc import Container, Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any
from uuid import uuid4

from django import forms
from django.db.models import QuerySet

from casework.models import Category, Issue, Reporter
from casework.routing import suggestion_for
from casework.selectors import active_categories
from casework.services.answers import ANSWER_LENGTH
from casework.services.bars import extension_left
from casework.services.consultations import consultable_units
from casework.services.intake import DESCRIPTION_LENGTH, TITLE_LENGTH
from casework.services.moves import NOTE_LENGTH, missing_words
from casework.services.reporters import NAME_LENGTH, ReporterInput
from casework.services.standing import asked_fields, required_fields, units_for, usual_mode
from casework.sources import Source
from casework.workflow import MODE_LABELS, OUTCOME_LABELS, PERSON_MODES, SATISFACTION_LABELS, Move
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.formats import zh_day
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.selectors import townships
from unionportal.core.params.values import value
from unionportal.core.workcal.days import add_workdays

NOTE_LABELS = {
    "report": "办理情况和结果",
    "send_back": "退回理由",
    "redo": "重办理由",
    "reject": "不予受理的理由",
    "reopen": "重启理由",
    "transfer": "转办理由",
    "void": "作废理由",
    "extend": "延期理由",
    "refuse_extension": "不同意的理由",
    "pause": "暂停理由",
    "resume": "恢复理由",
    "supervise": "督办要求",
    "consult": "会诊事项",
}


class CategoryChoiceField(forms.ModelChoiceField):
    """A second-level category is shown below its parent's name."""

    def label_from_instance(self, obj: Category) -> str:
        return obj.path


class IssueForm(forms.Form):
    """Registration by hand. The uuid is made when the form opens, so a repeated submit is the same row."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.none(),
        label="企业",
        required=False,
        to_field_name="credit_code",
        help_text="职工个人或社区反映的诉求可以不选企业。",
        error_messages={"invalid_choice": "没有找到这家企业，或不在您的范围内，请重新选择。"},
    )
    township = forms.ModelChoiceField(
        Unit.objects.none(),
        label="镇街",
        to_field_name="code",
        empty_label="请选择（选了企业可不选）",
        error_messages={"required": "请选择镇街，或先选择企业。", "invalid_choice": "请在您的范围内选择镇街。"},
    )
    category = CategoryChoiceField(
        Category.objects.none(),
        label="类别",
        to_field_name="code",
        empty_label="请选择类别",
        error_messages={"required": "请选择类别。"},
    )
    received_on = forms.DateField(label="收集日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    title = forms.CharField(
        label="标题",
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "一句话说清什么事"}),
        error_messages={"required": "请写一个标题。"},
    )
    description = forms.CharField(
        label="诉求内容",
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "placeholder": "谁反映的、什么情况、希望怎么解决"}),
    )

    source_kind = forms.ChoiceField(
        label="怎么来的",
        choices=[(Issue.Source.PHONE, "来电"), (Issue.Source.HAND, "来访、会上等")],
        required=False,
        widget=forms.RadioSelect,
    )
    reporter_name = forms.CharField(label="反映人姓名", required=False, max_length=NAME_LENGTH)
    reporter_phone = forms.CharField(
        label="反映人电话", required=False, max_length=30, widget=forms.TextInput(attrs={"type": "tel"})
    )
    reporter_privacy = forms.ChoiceField(
        label="反映人的身份",
        choices=[
            (Reporter.Privacy.OPEN, "可以告诉承办单位"),
            (Reporter.Privacy.STAFF, "只让区总工会知道"),
            (Reporter.Privacy.ANONYMOUS, "要求匿名"),
        ],
        required=False,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, scope: Scope, **kwargs: Any) -> None:
        enterprises = Enterprise.objects.visible_to(scope).select_related("township")
        super().__init__(_with_township(data, enterprises) if data is not None else None, **kwargs)
        self.fields["enterprise"].queryset = enterprises
        mine = townships()
        if not scope.has(Role.STAFF):
            # A cadre's past postings too: the service knows which were in force on the day.
            mine = (
                mine.filter(pk__in=scope.township_ids)
                if scope.has(Role.TOWNSHIP) and not scope.has(Role.CADRE)
                else mine
            )
        self.fields["township"].queryset = mine
        self.fields["category"].queryset = active_categories()
        self.fields["received_on"].widget.attrs["max"] = clock.today().isoformat()

    @staticmethod
    def opening(scope: Scope) -> dict[str, Any]:
        """What the form starts with: a fresh id, today, and the township where there is only one."""
        reach = scope.township_ids | scope.posted_township_ids
        only = Unit.objects.filter(pk__in=reach).values_list("code", flat=True) if len(reach) == 1 else ()
        return {
            "uuid": uuid4(),
            "received_on": clock.today(),
            "township": next(iter(only), None),
            "source_kind": Issue.Source.HAND,
            "reporter_privacy": Reporter.Privacy.OPEN,
        }

    def facts(self) -> dict[str, Any]:
        """What the registering service takes; call after `is_valid`."""
        data = dict(self.cleaned_data)
        kind, given = data.pop("source_kind"), {n: data.pop(f"reporter_{n}") for n in ("privacy", "name", "phone")}
        if kind == Issue.Source.PHONE:
            data["source"] = Source(kind=kind, label="来电反映")
        if given["name"] or given["phone"] or given["privacy"] == Reporter.Privacy.ANONYMOUS:
            data["reporter"] = ReporterInput(**{**given, "privacy": given["privacy"] or Reporter.Privacy.OPEN})
        return data

    @staticmethod
    def named(error: FieldErrors) -> FieldErrors:
        """The service's refusal with the names this form gives to what it says of the reporter."""
        own = {"privacy", "name", "phone"}
        return FieldErrors({f"reporter_{n}" if n in own else n: text for n, text in error.fields.items()})

    def clean_received_on(self) -> date:
        day = self.cleaned_data["received_on"]
        if day > clock.today():
            raise forms.ValidationError("收集日期不能晚于今天。")
        return day


def _with_township(data: Any, enterprises: QuerySet[Enterprise]) -> Any:
    """What was sent, with the township of the enterprise where none was chosen."""
    if data.get("township") or not data.get("enterprise"):
        return data
    chosen = enterprises.filter(credit_code=data["enterprise"]).first()
    if chosen is None:
        return data
    data = data.copy()
    data["township"] = chosen.township.code
    return data


class MoveFields(forms.Form):
    """Every field a move may ask; a form keeps those of its own move."""

    main = forms.CharField(
        label="主诉求编号", max_length=16, widget=forms.TextInput(attrs={"placeholder": "如 YC-2024-000123"})
    )
    unit = forms.ChoiceField(label="承办单位")
    outcome = forms.ChoiceField(label="办理结果", widget=forms.RadioSelect)
    satisfaction = forms.ChoiceField(
        label="满意度", widget=forms.RadioSelect, choices=list(SATISFACTION_LABELS.items())
    )
    mode = forms.ChoiceField(
        label="回访方式", widget=forms.RadioSelect, choices=[(mode, MODE_LABELS[mode]) for mode in PERSON_MODES]
    )
    days = forms.IntegerField(
        label="延长几个工作日",
        widget=forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
        error_messages={"invalid": "请填写整数。"},
    )
    units = forms.MultipleChoiceField(
        label="请哪些单位会诊",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "请在可选的单位中选择。"},
    )
    bodies = forms.CharField(
        label="外部单位",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="不在本系统里的单位，一行写一个，意见由您代录。",
    )
    note = forms.CharField(label="说明", max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 3}))
    answer = forms.CharField(
        label="给反映人的答复",
        max_length=ANSWER_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="反映人凭查询链接只看得到这一栏，不会看到上面的说明。",
    )
    by_code: dict[str, Unit]

    def keep(self, move: Move, asked: Iterable[str], required: Container[str]) -> None:
        """Keep the fields asked for of a move, in their order, and say which must be given."""
        self.fields = {name: self.fields[name] for name in asked}
        self.by_code = {}
        for name, field in self.fields.items():
            field.required = name in required
            if field.required:
                field.error_messages["required"] = missing_words(move, name)

    def offer_units(self, found: Sequence[Unit], nobody: str = "请选择") -> None:
        """Units to hand to, by kind; `nobody` is what the empty choice says."""
        self.by_code = {unit.code: unit for unit in found}
        grouped = groupby(sorted(found, key=_kind_rank), key=lambda unit: unit.get_kind_display())
        field = self.fields["unit"]
        field.choices = [
            ("", nobody),
            *((kind, [(unit.code, unit.name) for unit in units]) for kind, units in grouped),
        ]
        field.error_messages["invalid_choice"] = "请在可选的单位中选择。"

    def offer_outcomes(self, move: Move) -> None:
        """The results this move can end with."""
        self.fields["outcome"].choices = [(o, label) for o, label in OUTCOME_LABELS.items() if o in move.outcomes]

    def clean_unit(self) -> Unit | None:
        return self.by_code.get(self.cleaned_data["unit"])


class MoveForm(MoveFields):
    """The fields one move asks on one issue of one person. What must be given comes from the workflow table."""

    def __init__(self, data: Any = None, *, issue: Issue, move: Move, scope: Scope) -> None:
        super().__init__(data, auto_id=f"{move.action}_%s")
        self.move, self.scope = move, scope
        self.keep(move, asked_fields(issue, move), required_fields(issue, move))
        if "unit" in self.fields:
            self._offer_units(issue, scope)
        if "units" in self.fields:
            self._offer_parties(issue)
        if "outcome" in self.fields:
            self.offer_outcomes(move)
        if "mode" in self.fields:
            self.initial.setdefault("mode", usual_mode(issue, scope))
        if "days" in self.fields:
            left = extension_left(issue, clock.today())
            self.fields["days"].help_text = f"最多还可以延长 {left} 个工作日。"
        if move.action == "reject" and "answer" in self.fields:
            self.fields["answer"].help_text = _rejected_by(issue)
        self.fields["note"].label = NOTE_LABELS.get(move.action, "说明")

    def _offer_units(self, issue: Issue, scope: Scope) -> None:
        found = list(units_for(issue, scope, self.move.action).order_by("kind", "code"))
        field = self.fields["unit"]
        if not found and not field.required:
            del self.fields["unit"]
            return
        back = self.move.action == "send_back"
        if back:
            field.label = "退给谁"
        self.offer_units(found, "区总工会，重新交办" if back else "请选择")
        if self.move.action == "assign":
            self._suggest_unit(issue, field)

    def _suggest_unit(self, issue: Issue, field: forms.Field) -> None:
        """What the rules say, with why; else the township itself."""
        found = suggestion_for(issue)
        if found is not None and not found.problem and found.unit.code in self.by_code:
            person = f"，经办人{found.person.display_name}" if found.person else ""
            field.help_text = f"按交办规则“{found.rule}”建议{found.unit}{person}；可以另选。"
            self.initial.setdefault("unit", found.unit.code)
            return
        if found is not None and found.problem:
            field.help_text = found.problem
        if issue.township.code in self.by_code:
            self.initial.setdefault("unit", issue.township.code)

    def clean_main(self) -> Issue | None:
        """The issue by the number typed, among those the person may see."""
        code = self.cleaned_data["main"].strip().upper()
        found = Issue.objects.visible_to(self.scope).filter(code=code).first() if code else None
        if code and found is None:
            raise forms.ValidationError("没有这个编号的诉求，或不在您的查看范围内。")
        return found

    def _offer_parties(self, issue: Issue) -> None:
        found = sorted(consultable_units(issue), key=_kind_rank)
        self.by_code = {unit.code: unit for unit in found}
        self.fields["units"].choices = [(unit.code, unit.short_name or unit.name) for unit in found]

    def clean_units(self) -> list[Unit]:
        return [self.by_code[code] for code in self.cleaned_data["units"]]

    def clean_bodies(self) -> list[str]:
        return [line.strip() for line in self.cleaned_data["bodies"].splitlines() if line.strip()]


def _rejected_by(issue: Issue) -> str:
    workdays = int(value("issues.reject_workdays", on=issue.received_on))
    last = zh_day(add_workdays(issue.received_on, workdays).day)
    return f"收到后 {workdays} 个工作日内书面答复，最迟{last}。反映人凭查询链接看得到这一栏。"


def _kind_rank(unit: Unit) -> tuple[int, str]:
    order = ("township", "department", "workroom", "agency", "district")
    return (order.index(unit.kind) if unit.kind in order else len(order), unit.code)
