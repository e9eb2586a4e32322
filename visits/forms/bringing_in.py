"""Which of the enterprises that came to an activity become visits, and how many of their people were there."""

from typing import Any

from django import forms

from casework.models import ActivityEnterprise, ActivitySession
from unionportal.core.common.formats import zh_day
from visits.services.bringing_in import MOST_PEOPLE


class BringInForm(forms.Form):
    """One line an enterprise: tick and number. Empty numbers are asked for only where ticked."""

    session = forms.ChoiceField(
        label="场次", error_messages={"required": "请选择场次。", "invalid_choice": "没有这一场，请重新选择。"}
    )

    def __init__(
        self, *args: Any, sessions: list[ActivitySession], guests: list[ActivityEnterprise], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.guests = guests
        self.fields["session"].choices = [(each.pk, f"{zh_day(each.held_on)} {each.place}") for each in sessions]
        if sessions:
            self.fields["session"].initial = sessions[-1].pk
        for guest in guests:
            self.fields[f"take-{guest.pk}"] = forms.BooleanField(
                label=guest.enterprise.name, required=False, initial=True
            )
            self.fields[f"people-{guest.pk}"] = forms.IntegerField(
                label=f"{guest.enterprise.name}到会人次",
                required=False,
                min_value=1,
                max_value=MOST_PEOPLE,
                initial=1,
                widget=forms.NumberInput(attrs={"inputmode": "numeric", "min": 1}),
                error_messages={"invalid": "请填整数。", "min_value": "至少 1 人。"},
            )

    @property
    def lines(self) -> list[tuple[ActivityEnterprise, forms.BoundField, forms.BoundField]]:
        """The enterprises with their two fields."""
        return [(guest, self[f"take-{guest.pk}"], self[f"people-{guest.pk}"]) for guest in self.guests]

    def attendance(self) -> dict[int, int]:
        """What the service takes; call after `is_valid`."""
        data = self.cleaned_data
        return {guest.pk: data[f"people-{guest.pk}"] or 0 for guest in self.guests if data[f"take-{guest.pk}"]}

    def refuse(self, name: str, message: str) -> None:
        """Put a refusal of the service at its enterprise."""
        place = name.replace("rows.", "people-")
        self.add_error(place if place in self.fields else None, message)
