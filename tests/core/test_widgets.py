"""Widgets written directly are what Django's templates would have made of them."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.test.html import parse_html

from unionportal.core.common.renderer import PortalRenderer

CHOICES = [("a", "甲 & 乙"), ("b", '<b title="x">')]


class EveryWidget(forms.Form):
    """One field for each kind of widget that is written directly."""

    text = forms.CharField(max_length=80, required=False, help_text="一句话")
    letter = forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "placeholder": "<说明>"}))
    hidden = forms.CharField(widget=forms.HiddenInput)
    day = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    number = forms.IntegerField(min_value=1)
    agreed = forms.BooleanField(required=False)
    one = forms.ChoiceField(choices=CHOICES)
    grouped = forms.ChoiceField(choices=[("", "—"), ("组", CHOICES)])
    pills = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect)
    ticks = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple)
    file = forms.FileField(required=False, widget=forms.FileInput(attrs={"multiple": False}))


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {
            "text": "<'\"&",
            "letter": "<p>\n",
            "number": "x",
            "agreed": "on",
            "one": "b",
            "pills": "a",
            "ticks": ["a", "b"],
        },
    ],
)
def test_the_markup_is_djangos(data: dict[str, Any] | None) -> None:
    ours, theirs = (EveryWidget(data, renderer=renderer) for renderer in (PortalRenderer(), TemplatesSetting()))
    for field, other in zip(ours, theirs, strict=True):
        assert parse_html(str(field)) == parse_html(str(other)), field.name
    for name in ("pills", "ticks"):
        for choice, other in zip(ours[name], theirs[name], strict=True):
            assert parse_html(str(choice)) == parse_html(str(other))
            assert parse_html(choice.tag()) == parse_html(other.tag())


def test_text_that_begins_with_an_empty_line_keeps_it() -> None:
    """A browser drops the first line break after the tag."""
    form = EveryWidget({"letter": "\n甲"}, renderer=PortalRenderer())
    assert ">\n\n甲</textarea>" in str(form["letter"])
