"""The kept form of a check, as the phone's scripts fill it, and reading a self-check."""

from django import forms

from casework.forms.acts import ActForm, text_field
from stations.models.checks import NOTE_LENGTH, REMARK_LENGTH
from unionportal.core.common.widgets import DayInput, PhotosField


class KeptCheckForm(forms.Form):
    """What surrounds the items of the checklist. Nothing of it is sent to the server as a form: the phone keeps it and sends it to the API."""

    id = forms.CharField(widget=forms.HiddenInput)
    use = forms.CharField(widget=forms.HiddenInput)
    checklist = forms.CharField(widget=forms.HiddenInput)
    station = forms.CharField(label="驿站", widget=forms.Select)
    checked_on = forms.DateField(label="检查日期", widget=DayInput)
    note = text_field("情况说明", NOTE_LENGTH, required=False)
    photos = PhotosField(label="照片", required=False)


class ReviewForm(ActForm):
    """What whoever answers for the station thinks of a self-check."""

    remark = text_field("意见", REMARK_LENGTH, required=False)
