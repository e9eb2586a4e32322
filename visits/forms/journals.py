"""Forms of the week's journal and of what its readers say of it."""

from django import forms

from casework.forms.acts import ActForm, text_field
from visits.models import Journal, field_of


class JournalForm(forms.Form):
    """The texts of a week's journal."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reflections = forms.CharField(
        label="本周体会",
        required=False,
        max_length=field_of(Journal, "reflections").max_length,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text="写几句本周看到的情况、好的做法和想法；月交流时会用到。",
    )
    next_plan = forms.CharField(
        label="下周打算",
        required=False,
        max_length=field_of(Journal, "next_plan").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="下周准备走访哪些企业、跟进哪些问题。",
    )


class RemarkForm(ActForm):
    """A few words on a journal."""

    text = text_field("批注", 1000, missing="请写几句批注。")


class ReturnForm(ActForm):
    """Why a journal goes back."""

    text = text_field("退回理由", 1000, missing="请写明退回的理由。")


class ApproveForm(ActForm):
    """Words that go with an approval, if any."""

    text = text_field("批注", 1000, required=False)
