"""What every template of the portal must keep to, and how a refused field reads."""

import re
from pathlib import Path

import pytest
from django import forms
from django.template.loader import render_to_string

from unionportal.core.common.templatetags.portal import RARE_MODULES
from unionportal.core.common.widgets import DayInput

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path for folder in ROOT.glob("**/templates") if ".venv" not in folder.parts for path in folder.glob("**/*.html")
)
COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}", re.S)
INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*="),
    "a style element": re.compile(r"<style[\s>]"),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "an inline script": re.compile(r"<script(?![^>]*\b(?:src=|application/json))[^>]*>"),
    "a script in an address": re.compile(r"javascript:"),
}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_nothing_is_inline_so_that_the_content_policy_holds(path: Path) -> None:
    source = COMMENT.sub("", path.read_text(encoding="utf-8"))
    assert [what for what, pattern in INLINE.items() if pattern.search(source)] == []


def test_the_check_for_inline_code_would_see_some() -> None:
    bad = ['<p style="color:red">', "<style>", '<a onclick="x()">', "<script>x()</script>", '<a href="javascript:x">']
    for source, pattern in zip(bad, INLINE.values(), strict=True):
        assert pattern.search(source), source


def test_stylesheets_are_all_linked_by_the_frame() -> None:
    linked = set(re.findall(r"css/(\w+)\.css", (ROOT / "templates/components/stylesheets.html").read_text()))
    assert {"tokens", "base", "layout", "components", "forms", "print"} <= linked


class VisitLikeForm(forms.Form):
    visited_on = forms.DateField(label="走访日期", widget=DayInput, help_text="不能晚于今天")
    mode = forms.ChoiceField(label="方式", choices=[("a", "上门"), ("b", "电话")], widget=forms.RadioSelect)
    note = forms.CharField(label="说明", required=False, max_length=20)


def field(form: forms.Form, name: str, **context: object) -> str:
    return render_to_string("components/field.html", {"field": form[name], **context})


def test_a_refused_field_keeps_what_was_typed_and_points_to_its_error() -> None:
    form = VisitLikeForm({"visited_on": "九月", "note": "<script>"})
    html = field(form, "visited_on")
    assert 'value="九月"' in html
    assert 'aria-invalid="true"' in html
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described is not None
    for name in described.group(1).split():
        assert f'id="{name}"' in html, f"{name} is pointed to but not there"
    assert 'id="id_visited_on_error"' in html
    assert "&lt;script&gt;" in field(form, "note")


def test_a_day_is_given_to_the_browser_in_the_only_form_it_takes() -> None:
    from datetime import date

    html = field(VisitLikeForm(initial={"visited_on": date(2024, 9, 5)}), "visited_on")
    assert 'type="date"' in html
    assert 'value="2024-09-05"' in html


def test_radios_are_a_group_with_a_name_and_show_the_choice_made() -> None:
    html = field(VisitLikeForm({"mode": "b"}), "mode", look="seg")
    assert "<legend>方式" in html
    assert re.search(r'value="b"[^>]*checked', html)
    assert not re.search(r'value="a"[^>]*checked', html)


def test_an_optional_field_says_so_and_a_required_one_does_not() -> None:
    assert "选填" in field(VisitLikeForm(), "note")
    assert "选填" not in field(VisitLikeForm(), "visited_on")


def test_the_summary_names_every_refused_field_and_is_silent_otherwise() -> None:
    html = render_to_string("components/form_errors.html", {"form": VisitLikeForm({"note": "字" * 30})})
    for words in ("走访日期", "方式", "说明"):
        assert words in html
    assert "form-errors" not in render_to_string("components/form_errors.html", {"form": VisitLikeForm()})


@pytest.mark.parametrize("code", ["400", "403", "404", "405", "409", "413", "429", "500", "503", "csrf"])
def test_error_pages_need_no_context_and_say_it_in_chinese(code: str) -> None:
    html = render_to_string(f"errors/{code}.html")
    heading = re.search(r"<h1>(.+?)</h1>", html)
    assert heading is not None
    assert re.search(r"[\u4e00-\u9fff]{4}", heading.group(1))
    assert "data-error-page" in html


def test_what_few_pages_need_is_not_asked_for_by_all() -> None:
    """The modules fetched by `import()` and those left out of the preloads are the same."""
    scripts = ROOT / "static" / "js"
    rarely = re.compile(r'import\("\./(?:modules/)?([\w-]+\.js)"\)')
    found = {name for path in scripts.rglob("*.js") for name in rarely.findall(path.read_text(encoding="utf-8"))}
    assert found & {path.name for path in (scripts / "modules").glob("*.js")} == RARE_MODULES
