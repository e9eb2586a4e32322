from typing import Any
from uuid import uuid4

from django import forms

from unionportal.core.common.exchange.kinds import export_kinds, import_kinds
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.jobs.models import Job


class ExportForm(forms.Form):
    """What to take out and as what. The id is made when the form opens, so a repeated submit is the same job."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(label="导出什么", widget=forms.RadioSelect)
    format = forms.ChoiceField(
        label="格式",
        choices=[(Job.Format.XLSX, "Excel"), (Job.Format.CSV, "CSV")],
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, scope: Scope, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["kind"].choices = [(k.code, k.label) for k in export_kinds() if allowed(scope, k.action)]

    @staticmethod
    def opening(kind: str, file_format: str) -> dict[str, Any]:
        return {"id": uuid4(), "kind": kind, "format": file_format}


class ImportForm(forms.Form):
    """A workbook to be checked; what it really is, the service judges."""

    id = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="导入什么", widget=forms.RadioSelect, error_messages={"required": "请选择导入什么。"}
    )
    file = forms.FileField(
        label="文件",
        help_text="Excel（.xlsx）或 CSV，不超过 20 MB。先检查，确认后才写入。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
        error_messages={"required": "请选择要导入的文件。", "empty": "这是空文件，请重新选择。"},
    )

    def __init__(self, data: Any = None, files: Any = None, *, scope: Scope, **kwargs: Any) -> None:
        super().__init__(data, files, **kwargs)
        self.fields["kind"].choices = [(k.code, k.label) for k in import_kinds() if allowed(scope, k.action)]

    @staticmethod
    def opening() -> dict[str, Any]:
        return {"id": uuid4()}
