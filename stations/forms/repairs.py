"""Forms of repairs: reporting something broken, and the moves."""

from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, text_field
from stations.models import Repair, Station
from stations.models.repairs import NOTE_LENGTH, WHAT_LENGTH
from stations.services.repairs import assignees_for
from unionportal.core.accounts.models import User
from unionportal.core.common.scope import Scope
from unionportal.core.common.widgets import PhotosField


class RepairForm(forms.Form):
    """Something broken that no check found."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    station = forms.ModelChoiceField(
        Station.objects.none(),
        label="驿站",
        to_field_name="code",
        empty_label="请选择",
        error_messages={"required": "请选择驿站。", "invalid_choice": "请在您的范围内选择驿站。"},
    )
    what = forms.CharField(
        label="要修什么",
        max_length=WHAT_LENGTH,
        widget=forms.TextInput(attrs={"placeholder": "如：微波炉不加热"}),
        error_messages={"required": "请写明要修什么。", "max_length": f"最多 {WHAT_LENGTH} 个字。"},
    )
    detail = text_field("情况", NOTE_LENGTH, required=False)
    photos = PhotosField(label="照片", required=False)

    def __init__(self, data: Any = None, files: Any = None, *, scope: Scope, station: str = "") -> None:
        super().__init__(data, files, initial={"uuid": uuid4(), "station": station})
        self.fields["station"].queryset = (
            Station.objects.visible_to(scope).standing().order_by("township__code", "name")
        )


class AssignForm(ActForm):
    """Who mends it, and by when."""

    assignee = forms.ModelChoiceField(
        User.objects.none(),
        label="由谁负责",
        empty_label="请选择",
        error_messages={"required": "请选择由谁负责维修。", "invalid_choice": "请在可选的人员中选择。"},
    )
    due_on = day_field("期限")
    note = text_field("说明", NOTE_LENGTH, required=False)

    def prepare(self) -> None:
        repair: Repair = self.subject
        people = assignees_for(repair.station)
        self.fields["assignee"].queryset = User.objects.filter(pk__in=[user.pk for user in people])
        self.initial = {"assignee": repair.assignee_id, "due_on": repair.due_on}


class MendForm(ActForm):
    """The mended thing, with its photo."""

    photos = PhotosField(label="修好后的照片", required=False)  # the service says what is missing
    note = text_field("说明", NOTE_LENGTH, required=False)


class NoteForm(ActForm):
    """A move that may say something."""

    note = text_field("说明", NOTE_LENGTH, required=False)


class ReasonForm(ActForm):
    """A move that must say why."""

    note = text_field("原因", NOTE_LENGTH, missing="请写明原因。")
