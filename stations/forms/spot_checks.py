"""The form of a draw."""

from typing import Any

from django import forms

from stations.models.checks import SEED_LENGTH
from stations.services.spot_checks import inspectors_to_choose
from unionportal.core.accounts.models import User


class SpotDrawForm(forms.Form):
    """The seed and who goes out."""

    seed = forms.CharField(
        label="种子",
        max_length=SEED_LENGTH,
        help_text="请用抽签当天公开、事先没有人能定的数，如当天福彩3D的开奖号码，并写明出处：2024-09-04 福彩3D 518。",
        error_messages={"required": "请填写种子。"},
    )
    inspectors = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label="检查人",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "请选择检查人。", "invalid_choice": "请在可选的人员中选择检查人。"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = inspectors_to_choose()
        self.fields["inspectors"].queryset = User.objects.filter(pk__in=[user.pk for user in people]).order_by(
            "display_name", "pk"
        )
        self.fields["inspectors"].label_from_instance = lambda user: user.display_name
