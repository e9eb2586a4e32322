"""Forms of leads."""

from typing import Any
from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, text_field
from hardship import codes
from hardship.lead_people import verifiers_of
from hardship.models import Lead
from hardship.models.files import NAME_LENGTH, UNIT_LENGTH
from hardship.models.sensing import LINE_LENGTH
from hardship.services.leads import TEXT_LENGTH
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.orgs.models import Unit
from visits.models import Visit

#: Of the township's visits, those offered as the one on which a lead was verified.
VISITS_OFFERED = 30


class LeadForm(forms.Form):
    """A lead a person brings. An issue gives township and enterprise."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label="姓名", max_length=NAME_LENGTH, error_messages={"required": "请填写姓名。"})
    cause = forms.ChoiceField(
        label="可能的致困原因",
        choices=[("", "请选择"), *codes.CAUSES],
        error_messages={"required": "请选择可能的致困原因。"},
    )
    township = forms.ModelChoiceField(
        Unit.objects.none(), label="镇街", empty_label="请选择", error_messages={"required": "请选择镇街。"}
    )
    unit_name = forms.CharField(label="工作单位", max_length=UNIT_LENGTH, required=False)
    id_number = forms.CharField(
        label="身份证号",
        max_length=40,
        required=False,
        help_text="不知道可以不填，建档时再补。",
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-never-kept": ""}),
    )
    phone = forms.CharField(
        label="电话",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel", "data-never-kept": ""}),
    )
    words = text_field("困难情况", TEXT_LENGTH, rows=4, missing="请写明有什么困难、从哪里知道的。")

    def __init__(self, data: Any = None, *, townships: Any, from_issue: bool, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.initial.setdefault("uuid", uuid4())
        if from_issue:
            del self.fields["township"]
        else:
            self.fields["township"].queryset = townships


class AssignForm(ActForm):
    verifier = forms.ModelChoiceField(
        User.objects.none(), label="核实人", empty_label="请选择", error_messages={"required": "请选择核实人。"}
    )

    def prepare(self) -> None:
        self.fields["verifier"].queryset = verifiers_of(self.subject, clock.today())
        self.initial["verifier"] = self.subject.verifier_id


class VerifyForm(ActForm):
    verified_on = day_field("核实日期")
    way = forms.ChoiceField(
        label="核实方式",
        choices=Lead.Way.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择核实方式。"},
    )
    visit = forms.ModelChoiceField(
        Visit.objects.none(),
        label="对应的走访记录",
        required=False,
        empty_label="没有",
        error_messages={"invalid_choice": "请在列出的走访中选择。"},
    )
    found = forms.ChoiceField(
        label="核实结论",
        choices=Lead.Found.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择核实结论。"},
    )
    finding = text_field("看到、问到的情况", TEXT_LENGTH, rows=4, missing="请写明看到、问到的情况。")

    def prepare(self) -> None:
        self.initial["verified_on"] = clock.today()
        offered = Visit.objects.visible_to(self.scope).filter(
            cadre_id=self.scope.user_id, visited_on__gte=self.subject.raised_on
        )
        ids = list(offered.order_by("-visited_on", "-id").values_list("pk", flat=True)[:VISITS_OFFERED])
        self.fields["visit"].queryset = Visit.objects.filter(pk__in=ids).select_related("enterprise")
        if not ids:
            del self.fields["visit"]


class ConfirmForm(ActForm):
    file_uuid = forms.UUIDField(widget=forms.HiddenInput)
    name = forms.CharField(label="户主姓名", max_length=NAME_LENGTH, error_messages={"required": "请填写户主姓名。"})
    id_number = forms.CharField(
        label="户主身份证号",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-never-kept": ""}),
    )
    phone = forms.CharField(label="电话", max_length=40, required=False)

    def prepare(self) -> None:
        self.initial.update(file_uuid=uuid4(), name=self.subject.opened("name"))
        if self.subject.id_sealed:
            self.fields["id_number"].required = False
            self.fields["id_number"].help_text = "线索里已有，不改可以不填。"
        self.fields["id_number"].error_messages["required"] = "请填写户主的身份证号。"
        if self.subject.phone_sealed:
            self.fields["phone"].help_text = "线索里已有，不改可以不填。"


class DismissForm(ActForm):
    dismissal = forms.ChoiceField(
        label="排除原因",
        choices=[("", "请选择"), *Lead.Dismissal.choices],
        error_messages={"required": "请选择排除原因。"},
    )
    note = text_field("说明", TEXT_LENGTH, required=False)


class RevealForm(forms.Form):
    reason = forms.CharField(
        label="查看理由", max_length=LINE_LENGTH, error_messages={"required": "请写明为什么要看，如“约上门时间”。"}
    )
