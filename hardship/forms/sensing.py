"""Forms of sensing: a department's sheet, its columns, the rules."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import day_field
from hardship import codes
from hardship.models.sensing import LINE_LENGTH, PROVIDER_LENGTH
from hardship.sensing.rules import Comparison
from hardship.sensing.sources import SOURCE_CHOICES, SOURCES, TELLING_CHOICES, Source, fields_of
from unionportal.core.common import clock


def _line(label: str, length: int, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, error_messages={"required": f"请填写{label}。"}, **options)


class UploadForm(forms.Form):
    uuid = forms.UUIDField(widget=forms.HiddenInput)
    source = forms.ChoiceField(
        label="数据来源", choices=[("", "请选择"), *SOURCE_CHOICES], error_messages={"required": "请选择数据来源。"}
    )
    provider = _line("提供单位", PROVIDER_LENGTH, help_text="如“区医保局”。")
    purpose = _line("使用目的", LINE_LENGTH, initial="发现需要帮扶的困难职工，由人上门核实")
    legal_basis = _line("法律依据", LINE_LENGTH, help_text="如数据共享协议的名称、文号，或法律条款。")
    file = forms.FileField(
        label="表格文件",
        help_text="Excel（.xlsx）或 CSV，第一行是标题。文件本身不保存，内容加密保存到期删除。",
        error_messages={"required": "请选择文件。"},
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("uuid", uuid4())


class MappingForm(forms.Form):
    """One choice a field of the source, among the sheet's headings; and whether rows with problems are left out."""

    leave_out = forms.BooleanField(label="略去有问题的行，只导入其余的", required=False)

    def __init__(self, data: Any = None, *, source: Source, headings: Sequence[str], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        choices = [("", "没有这一列"), *((heading, heading) for heading in headings if heading)]
        for name, label in fields_of(source).items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=name == "name",
                error_messages={"required": "请选择姓名所在的列。", "invalid_choice": "表里没有这一列，请重新选择。"},
            )
        self.names = list(fields_of(source))

    @property
    def columns(self) -> list[forms.BoundField]:
        """The fields that choose a column."""
        return [self[name] for name in self.names]

    def mapping(self) -> dict[str, str]:
        """Field -> heading as chosen; call on a valid form."""
        return {name: self.cleaned_data.get(name, "") for name in self.names}


def _fact_choices() -> list[Any]:
    """Every fact under its source: 大额医疗支出 / 个人自负金额. The value says both."""
    groups = [
        (label, [(f"{code}.{fact.name}", fact.label) for fact in SOURCES[code].facts])
        for code, label in TELLING_CHOICES
    ]
    return [("", "（在名单中即可）"), *groups]


class RuleForm(forms.Form):
    source = forms.ChoiceField(label="数据来源", choices=TELLING_CHOICES)
    fact = forms.ChoiceField(label="看哪一项", choices=_fact_choices(), required=False)
    comparison = forms.ChoiceField(label="条件", choices=[(each.value, each.label) for each in Comparison])
    value = forms.CharField(
        label="比较值", max_length=20, required=False, help_text="金额填数字，如 20000；等级、类别填原文，如“一级”。"
    )
    weight = forms.IntegerField(
        label="权重", error_messages={"required": "请填写权重。", "invalid": "请填 1 到 100 之间的整数。"}
    )
    cause = forms.ChoiceField(label="指向的致困原因", choices=codes.CAUSES)
    start_on = day_field("生效日期")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("start_on", clock.today())

    def clean(self) -> dict[str, Any]:
        """The fact's own name; one of another source is told at its field."""
        found = super().clean() or self.cleaned_data
        source, _, fact = found.get("fact", "").partition(".")
        if fact and source != found.get("source"):
            self.add_error("fact", f"这一项属于“{SOURCES[source].label}”，与所选的数据来源不一致。")
        found["fact"] = fact
        return found


class RuleEndForm(forms.Form):
    end_before = day_field("停用日期")
