"""Forms of the library of practices."""

from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, text_field
from casework.models import Category
from unionportal.core.common.widgets import ManyFilesInput
from unionportal.core.orgs.models import Unit
from visits.models import Practice
from visits.models.practices import (
    MOST_TAGS,
    REASON_LENGTH,
    SUMMARY_LENGTH,
    TAG_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
)
from visits.services.practices import PracticeInput, tags_of


class FilesField(forms.FileField):
    """Any number of files; what they really are is judged by the files service."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return [each for each in files if each]


class PracticeForm(forms.Form):
    """What a practice says. The uuid is made when the form opens, so a repeated submit is the same row."""

    uuid = forms.UUIDField(widget=forms.HiddenInput, required=False)
    title = forms.CharField(
        label="标题",
        max_length=TITLE_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "如：返还款材料一次备齐"}),
        error_messages={"required": "请写标题。", "max_length": f"最多 {TITLE_LENGTH} 个字。"},
    )
    summary = text_field("摘要", SUMMARY_LENGTH, rows=2, missing="请写摘要。")
    text = text_field(
        "做法", TEXT_LENGTH, rows=10, missing="请写做法。", help_text="怎么做的、为什么管用。不写职工的姓名和电话。"
    )
    tags = forms.CharField(
        label="标签",
        required=False,
        max_length=200,
        help_text=f"用空格隔开，最多 {MOST_TAGS} 个，每个最多 {TAG_LENGTH} 个字。",
    )
    category = forms.ModelChoiceField(
        Category.objects.filter(is_active=True),
        label="诉求类别",
        to_field_name="code",
        required=False,
        empty_label="不限",
        error_messages={"invalid_choice": "请在列出的类别中选择。"},
    )
    township = forms.ModelChoiceField(
        Unit.objects.townships().active().order_by("code"),
        label="镇街",
        to_field_name="code",
        required=False,
        empty_label="全区",
        error_messages={"invalid_choice": "请在列出的镇街中选择。"},
    )
    issue = forms.CharField(
        label="相关诉求编号", required=False, max_length=16, help_text="如 YC-2024-000123，可以不填。"
    )
    attachments = FilesField(label="附件", required=False)

    def __init__(self, data: Any = None, files: Any = None, *, practice: Practice | None = None) -> None:
        super().__init__(data, files)
        if practice is None:
            self.initial = {"uuid": uuid4()}
            return
        del self.fields["uuid"]
        if practice.category is not None:  # which may have been retired since
            self.fields["category"].queryset |= Category.objects.filter(pk=practice.category.pk)
        self.initial = {
            **{name: getattr(practice, name) for name in ("title", "summary", "text")},
            "tags": " ".join(practice.tags),
            "category": practice.category and practice.category.code,
            "township": practice.township and practice.township.code,
            "issue": practice.issue.code if practice.issue else "",
        }

    def practice_input(self) -> PracticeInput:
        """What the services take; call after `is_valid`."""
        names = ("title", "summary", "text", "category", "township", "issue")
        data = {name: self.cleaned_data[name] for name in names}
        return PracticeInput(**data, tags=tuple(tags_of(self.cleaned_data["tags"])))


class PublishForm(ActForm):
    """Nothing to fill in."""


class WithdrawForm(ActForm):
    """Why a practice is turned down or taken out."""

    reason = text_field("原因", REASON_LENGTH, missing="请写明原因。")
