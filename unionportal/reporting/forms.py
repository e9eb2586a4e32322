"""What people fill in on the pages of reports and of quarterly analyses."""

from datetime import date
from typing import Any

from django import forms

from casework.forms.acts import ActForm, text_field
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.reporting.models import PERIODS, ReportFormat, ReportKind
from unionportal.reporting.reports.book import report_starts
from unionportal.reporting.reports.periods import read_period, written_period
from unionportal.reporting.rollups.periods import MONTH, period_end, period_label
from visits.models.quarterly import ANALYSIS_LENGTH, PART_LENGTH, REMARK_LENGTH


class ReportForm(forms.Form):
    """Which report, as what file. The choice says kind and period at once: monthly:2024-09."""

    report = forms.ChoiceField(
        label="报告", error_messages={"required": "请选择报告。", "invalid_choice": "没有这一期的统计数据，请另选。"}
    )
    format = forms.ChoiceField(
        label="格式",
        choices=ReportFormat.choices,
        initial=ReportFormat.WORD,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择格式。", "invalid_choice": "请选择格式。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["report"].choices = [
            (label, [(f"{kind}:{written_period(kind, start)}", _named(kind, start)) for start in report_starts(kind)])
            for kind, label in ReportKind.choices
        ]
        # The last month that is over: what is asked for most.
        over = (one for one in report_starts(ReportKind.MONTHLY) if period_end(MONTH, one) < clock.today())
        self.fields["report"].initial = next((f"{ReportKind.MONTHLY}:{one:%Y-%m}" for one in over), None)

    def clean_report(self) -> tuple[str, date]:
        kind, _, written = self.cleaned_data["report"].partition(":")
        try:
            return kind, read_period(kind, written)
        except FieldErrors as error:
            raise forms.ValidationError(error.fields["period"]) from None


def _named(kind: str, start: date) -> str:
    return f"{period_label(PERIODS[kind], start)}{ReportKind(kind).label}"


class TemplateForm(forms.Form):
    """A Word file to write reports with."""

    file = forms.FileField(
        label="Word 模板",
        help_text="先下载现用模板，在 Word 或 WPS 里改好后上传。上传时用样例数据试生成，有问题会指出是哪一段。",
        widget=forms.FileInput(attrs={"accept": ".docx"}),
        error_messages={"required": "请选择要上传的模板。", "empty": "这是空文件。"},
    )


class AnalysisForm(forms.Form):
    """The text of a quarterly analysis."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    text = forms.CharField(
        label="分析",
        required=False,
        max_length=ANALYSIS_LENGTH,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text="哪些类别在上升、哪些企业反复反映、哪些单位偏慢，原因是什么，下季怎么办。",
        error_messages={"max_length": f"最多 {ANALYSIS_LENGTH} 个字。"},
    )

    def mark_required(self) -> None:
        """For the page only: a draft may be empty, a publication may not, and the service judges it."""
        self.fields["text"].required = True


def _part(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=PART_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=help_text,
        error_messages={"max_length": f"最多 {PART_LENGTH} 个字。"},
    )


class ReflectionForm(forms.Form):
    """The three parts of a cadre's reflection; all are asked for when it is handed in."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    methods = _part("主要做法", "这一季做了哪些事，哪些做法管用。写具体的企业和过程。")
    insights = _part("问题与体会", "遇到什么问题，没有化解的卡在哪里，有什么体会。")
    next_steps = _part("下季打算", "下季重点走访哪些企业，跟进哪些问题。")

    def mark_required(self) -> None:
        """For the page only: a draft may leave parts out, a submission may not, and the service judges it."""
        for name in ("methods", "insights", "next_steps"):
            self.fields[name].required = True


class ReflectionRemarkForm(ActForm):
    """A few words on a reflection."""

    text = text_field("点评", REMARK_LENGTH, missing="请写几句点评。")


class ReflectionReturnForm(ActForm):
    """Why a reflection goes back."""

    text = text_field("退回理由", REMARK_LENGTH, missing="请写明退回的理由。")
