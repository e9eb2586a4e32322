"""How form widgets become markup: the commonest are written here, because Django draws each by two to four templates.

docs/decisions/0007-hot-markup-in-python.md.
"""

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

Widget = Mapping[str, Any]


def _escaped(value: Any) -> str:
    """As Django's conditional_escape, without its detours for lazy text."""
    return value if isinstance(value, SafeString) else escape(str(value))


def attributes(attrs: Mapping[str, Any]) -> SafeString:
    """Attributes as Django's attrs.html writes them: True stands alone, False is left out."""
    return mark_safe(
        "".join(
            f" {name}" if value is True else f' {name}="{_escaped(value)}"'
            for name, value in attrs.items()
            if value is not False
        )
    )


def options(choices: Any, selected: set[str]) -> SafeString:
    """The options of a select: (value, label) pairs, those in `selected` chosen."""
    return mark_safe(
        "".join(
            f'<option value="{_escaped(value)}"{" selected" if str(value) in selected else ""}>'
            f"{_escaped(label)}</option>"
            for value, label in choices
        )
    )


def select(name: str, attrs: Mapping[str, Any], inside: SafeString) -> SafeString:
    """A select around its options."""
    return mark_safe(f'<select name="{_escaped(name)}"{attributes(attrs)}>{inside}</select>')


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    shown = "" if value is None else f' value="{_escaped(value)}"'
    name = _escaped(widget["name"])
    return mark_safe(f'<input type="{widget["type"]}" name="{name}"{shown}{attributes(widget["attrs"])}>')


def _select(widget: Widget) -> SafeString:
    parts = []
    for group, members, _ in widget["optgroups"]:
        inside = "".join(_option(option) for option in members)
        parts.append(f'<optgroup label="{_escaped(group)}">{inside}</optgroup>' if group else inside)
    return select(widget["name"], widget["attrs"], mark_safe("".join(parts)))


def _option(option: Widget) -> str:
    attrs = attributes(option["attrs"])
    return f'<option value="{_escaped(option["value"])}"{attrs}>{_escaped(option["label"])}</option>'


def _choice(widget: Widget) -> SafeString:
    """One of several radios or checkboxes, with its label unless the page writes that itself."""
    if not widget["wrap_label"]:
        return _input(widget)
    pk = widget["attrs"].get("id")
    tied = f' for="{_escaped(pk)}"' if pk else ""
    return mark_safe(f"<label{tied}>{_input(widget)} {_escaped(widget['label'])}</label>")


def _textarea(widget: Widget) -> SafeString:
    text = _escaped(widget["value"] or "")
    return mark_safe(f'<textarea name="{_escaped(widget["name"])}"{attributes(widget["attrs"])}>\n{text}</textarea>')


#: Kinds of widget that are one <input>.
INPUTS = ("text", "hidden", "date", "number", "input", "search", "checkbox", "file")
DRAWN: dict[str, Callable[[Widget], SafeString]] = {
    "django/forms/widgets/select.html": _select,
    "django/forms/widgets/textarea.html": _textarea,
    "django/forms/widgets/radio_option.html": _choice,
    "django/forms/widgets/checkbox_option.html": _choice,
    **{f"django/forms/widgets/{kind}.html": _input for kind in INPUTS},
}


class PortalRenderer(TemplatesSetting):
    """Django's renderer by the project's templates, with the commonest widgets written directly."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)
