from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from casework.services.notes import NOTE_MOST
from unionportal.core.common.widgets import ManyFilesInput


class FilesField(forms.FileField):
    """Any number of files; what they are is judged by the files service."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> tuple[UploadedFile, ...]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return tuple(f for f in files if f)


class NoteForm(forms.Form):
    """An internal note and its files."""

    text = forms.CharField(
        label="内部批注",
        max_length=NOTE_MOST,
        widget=forms.Textarea(attrs={"rows": 3, "placeholder": "写给同事看的话，反映人看不到；输入 @ 可以提醒同事"}),
        error_messages={"required": "请写下要说的话。"},
    )
    attachments = FilesField(label="附件", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "auto_id": "note_%s"})
