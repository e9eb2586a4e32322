"""Forms of supplies."""

from uuid import uuid4

from django import forms

from casework.forms.acts import ActForm, day_field, number_field
from stations.models import Supply, SupplyChange
from stations.models.supplies import NAME_LENGTH, UNIT_LENGTH


class SupplyForm(ActForm):
    """Something new at the station."""

    uuid = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="类型", choices=Supply.Kind.choices, widget=forms.RadioSelect, error_messages={"required": "请选择类型。"}
    )
    name = forms.CharField(label="名称", max_length=NAME_LENGTH, error_messages={"required": "请写名称。"})
    quantity = number_field("数量", required=True)
    unit = forms.CharField(label="单位", max_length=UNIT_LENGTH, error_messages={"required": "请写单位，如：盒、瓶。"})
    least = number_field("最低数量", help_text="少于这个数就提醒；不填不提醒。")
    expires_on = day_field("有效期至", required=False)

    def prepare(self) -> None:
        self.initial = {"uuid": uuid4()}

    def clean_least(self) -> int:
        return self.cleaned_data["least"] or 0


def _row_and_version(text: str) -> dict[str, int]:
    """12.3 -> row 12 as it was at version 3."""
    supply_id, version = text.split(".")
    return {"supply_id": int(supply_id), "version": int(version)}


class CountForm(ActForm):
    """How many of one thing there are now."""

    supply = forms.TypedChoiceField(label="物资", coerce=_row_and_version, error_messages={"required": "请选择物资。"})
    reason = forms.ChoiceField(
        label="原因",
        choices=SupplyChange.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择原因。"},
    )
    quantity = number_field("现在的数量", required=True)

    def prepare(self) -> None:
        rows = Supply.objects.in_stock().filter(station=self.subject)
        self.fields["supply"].choices = [("", "请选择"), *((f"{row.pk}.{row.version}", _said(row)) for row in rows)]


class RemoveForm(ActForm):
    """Something of which nothing is left."""

    supply = forms.TypedChoiceField(label="物资", coerce=_row_and_version, error_messages={"required": "请选择物资。"})

    def prepare(self) -> None:
        rows = Supply.objects.in_stock().filter(station=self.subject, quantity=0)
        self.fields["supply"].choices = [("", "请选择"), *((f"{row.pk}.{row.version}", _said(row)) for row in rows)]


def _said(row: Supply) -> str:
    until = f"，有效期至 {row.expires_on:%Y-%m-%d}" if row.expires_on else ""
    return f"{row.name}（现有 {row.quantity} {row.unit}{until}）"
