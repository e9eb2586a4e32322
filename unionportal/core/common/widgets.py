"""Form widgets that speak to phones: native pickers, several files in one go."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.safestring import SafeString

from unionportal.core.common.renderer import options, select


class DayInput(forms.DateInput):
    """A day in the browser's own picker. The format is fixed: browsers take nothing but ISO here, whatever the language."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"type": "date", **(attrs or {})}, format="%Y-%m-%d")


class HourInput(forms.TimeInput):
    """A time of day in the browser's own picker."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs={"type": "time", **(attrs or {})}, format="%H:%M")


class MonthInput(forms.TextInput):
    """A month (2024-09) in the browser's own picker."""

    input_type = "month"


class ManyFilesInput(forms.ClearableFileInput):
    """Several files in one field; pair it with a field whose clean takes a list. What was kept before is listed by the page, not by the widget."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            attrs={"multiple": True, "accept": "image/jpeg,image/png,image/webp,.pdf,.docx,.xlsx", **(attrs or {})}
        )


class PlainSelect(forms.Select):
    """A select of (value, label) pairs without groups, written in one go: Django makes a dictionary of every option first."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        return select(
            name,
            self.build_attrs(self.attrs, attrs),
            options(self.choices, {str(one) for one in self.format_value(value)}),
        )


class PhotosField(forms.FileField):
    """Any number of pictures; what they really are is judged by the files service."""

    widget = ManyFilesInput(attrs={"accept": "image/jpeg,image/png,image/webp"})

    def clean(self, data: Any, initial: Any = None) -> tuple[UploadedFile, ...]:
        files = data if isinstance(data, list | tuple) else [data] if data else []
        return tuple(each for each in files if each)
