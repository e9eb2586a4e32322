"""Forms of the yearly stars and of a fall."""

from django import forms

from casework.forms.acts import ActForm, text_field
from stations.models import Downgrade
from stations.models.stars import REASON_LENGTH

STARS = [(number, f"{number} 星") for number in range(5, 0, -1)]


class StarsForm(ActForm):
    """The stars one gives, opened with the proposal; the reason is one's own."""

    stars = forms.TypedChoiceField(
        label="星级", choices=STARS, coerce=int, widget=forms.RadioSelect, error_messages={"required": "请选择星级。"}
    )
    reason = text_field("理由", REASON_LENGTH, missing="请写明理由。")


class DowngradeForm(ActForm):
    """What a station loses, and for what."""

    outcome = forms.ChoiceField(
        label="处理",
        choices=Downgrade.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "请选择怎样处理。"},
    )
    stars = forms.TypedChoiceField(
        label="降到几星",
        choices=[("", "取消星级"), *((number, f"{number} 星") for number in range(4, 0, -1))],
        coerce=int,
        empty_value=None,
        required=False,
        help_text="只在降低星级时填。",
    )
    grounds = forms.MultipleChoiceField(
        label="原因",
        choices=Downgrade.Ground.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请至少选择一项原因。"},
    )
    reason = text_field("说明", REASON_LENGTH, missing="请写明理由。")
