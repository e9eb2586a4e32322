from django import forms

from unionportal.core.workcal.notation import EXAMPLE


class CalendarYearForm(forms.Form):
    """A year's source and days, as text."""

    source = forms.CharField(
        label="依据",
        max_length=120,
        widget=forms.TextInput(attrs={"placeholder": "如：国务院办公厅关于某年部分节假日安排的通知"}),
        error_messages={"required": "请填写依据，如放假通知的文号。"},
    )
    days = forms.CharField(
        label="放假和调休上班的日子",
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false"}),
        help_text=f"每行一天或一段，如“{EXAMPLE}”“2026-10-10 班 国庆节调休”。没有写到的日子按周一至周五上班。",
        error_messages={"required": "请写出这一年放假和调休上班的日子。"},
        strip=False,
    )
