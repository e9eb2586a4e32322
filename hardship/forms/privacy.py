"""Forms of what leaves the portal or is deleted from it."""

from typing import Any

from django import forms

from hardship.forms.fields import SECRET
from hardship.models import HardshipFile
from hardship.models.files import LINE_LENGTH
from hardship.personal import name_shown
from hardship.services.erasing import Due


def _reason(placeholder: str) -> forms.CharField:
    return forms.CharField(
        label="用途",
        max_length=LINE_LENGTH,
        widget=forms.TextInput(attrs={**SECRET, "placeholder": placeholder}),
        error_messages={"required": "请写明用途。", "max_length": f"最多 {LINE_LENGTH} 个字。"},
    )


class BookForm(forms.Form):
    reason = _reason("如：报送市总工会复核")


class SubjectForm(forms.Form):
    """Whose data, and how the person asked."""

    member = forms.TypedChoiceField(label="本人", coerce=int, error_messages={"required": "请选择是哪位成员。"})
    reason = _reason("如：本人到窗口申请查阅")

    def __init__(self, data: Any = None, *, file: HardshipFile) -> None:
        super().__init__(data)
        self.fields["member"].choices = [
            (member.pk, name_shown(member, personal=True)) for member in file.members.all()
        ]


class EraseForm(forms.Form):
    codes = forms.MultipleChoiceField(
        label="档案和线索",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请选择要删除个人信息的档案或线索。",
            "invalid_choice": "所选的已不在预览中，请刷新后再选。",
        },
    )
    sure = forms.BooleanField(label="我已核对预览，知道删除后不能恢复", error_messages={"required": "请先核对并勾选。"})

    def __init__(self, data: Any = None, *, due: list[Due]) -> None:
        super().__init__(data)
        self.fields["codes"].choices = [
            (row.subject.code, f"{row.subject.code}（{row.subject.township}，{row.outcome}）") for row in due
        ]
