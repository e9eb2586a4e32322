"""Filter sets of lists, cheap to build on every request."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from copy import copy
from datetime import date
from types import SimpleNamespace
from typing import Any

import django_filters
from django.db.models import Model, QuerySet
from django.forms import BaseForm, BoundField, Form, Select
from django.utils.safestring import SafeString
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.exchange.kinds import Selection
from unionportal.core.common.formats import zh_day
from unionportal.core.common.kept import is_old, now
from unionportal.core.common.scope import Scope
from unionportal.core.common.widgets import PlainSelect


class FilterTable(dict[str, django_filters.Filter]):
    """The filters of a class. Each request gets its own, which differ by their filter set alone: a flat copy of each will do for a deep one."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, django_filters.Filter]:
        return {name: _own(one) for name, one in self.items()}


def _own(one: django_filters.Filter) -> django_filters.Filter:
    own = copy(one)
    own.method = one.method  # set anew, so that it looks for its filter set on the copy
    return own


class ListFilter(django_filters.FilterSet):
    """A filter set whose form class is made once: django-filter makes every field and the class anew for each request.

    So the filters' own arguments may not depend on the request; what does is set on `self.form.fields`. `alike`: nothing is, but that
    fields are left out: then the markup of a filter nobody uses is the same for everybody and kept for some seconds (`kept_markup`).
    """

    alike = False
    _form_class: type[Form]

    @classmethod
    def get_filters(cls) -> FilterTable:
        return FilterTable(super().get_filters())

    def get_form_class(self) -> type[Form]:
        cls = type(self)
        if "_form_class" not in vars(cls):
            cls._form_class = super().get_form_class()
            if cls.alike:
                _kept[cls._form_class] = {}
        return cls._form_class

    def without(self, name: str) -> QuerySet:
        """What the others leave; everything where one of them cannot be read."""
        return self.of(self.queryset.all(), but=name)

    def of(self, rows: QuerySet, *, but: str = "") -> QuerySet:
        """What these filters, without one of them, leave of other rows; all of them where a filter cannot be read."""
        for name, value in self.form.cleaned_data.items() if self.form.is_valid() else ():
            if name != but:
                rows = self.filters[name].filter(rows, value)
        return rows


#: Form class of filters that are alike for all -> name of a field, what is chosen and how the bar shows it -> when drawn, and the markup.
_kept: dict[type[BaseForm], dict[Hashable, tuple[float, SafeString]]] = {}


def kept_markup(field: BoundField, look: Hashable, draw: Callable[[], SafeString]) -> SafeString:
    """The markup of one filter of a bar. One that is empty or a choice is drawn again when it is KEPT_SECONDS old, so that a new choice appears
    in time; what somebody typed is drawn for them alone."""
    kept, chosen = _kept.get(type(field.form)), field.value() or ""
    typed = chosen and not isinstance(field.field.widget, Select)
    if kept is None or typed or field.errors:
        return draw()
    held = kept.get((field.name, chosen, look))
    if held is None or is_old(held[0]):
        held = kept[field.name, chosen, look] = (now(), draw())
    return held[1]


def forget_markup() -> None:
    """Draw every filter anew."""
    for kept in _kept.values():
        kept.clear()


class PairIterator(ModelChoiceIterator):
    """The choices as (code, label), read as two columns and not as objects."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from self.queryset.values_list(self.field.to_field_name, self.field.label_field)


class DirectoryField(ModelChoiceField):
    iterator = PairIterator
    widget = PlainSelect

    def __init__(self, *args: Any, label_field: str, **kwargs: Any) -> None:
        self.label_field = label_field
        super().__init__(*args, **kwargs)


class DirectoryFilter(django_filters.ModelChoiceFilter):
    """One of a directory (categories, units, people) by its code, shown by `label_field`."""

    field_class = DirectoryField


def selection(
    filters: type[django_filters.FilterSet], rows: QuerySet, params: Mapping[str, str], scope: Scope
) -> Selection:
    """The rows a list's own filters leave. FieldErrors for a filter nobody can read or knows: it must not widen into the whole list."""
    found = filters(dict(params), queryset=rows, request=SimpleNamespace(scope=scope))
    problems = {name: str(errors[0]) for name, errors in found.form.errors.items()}
    problems |= {name: "没有这个筛选条件。" for name in params if name not in found.form.fields}
    if problems:
        raise FieldErrors(problems, "筛选条件有误，请回到列表改正后再导出。")
    used = [name for name in found.form.fields if params.get(name)]
    return Selection(found.qs, tuple(_condition(found.form, name) for name in used), tuple(sorted(used)))


def _condition(form: Form, name: str) -> tuple[str, str]:
    """A filter in words: 状态, 未办结."""
    field, value = form.fields[name], form.cleaned_data[name]
    if isinstance(value, Model):
        words = str(getattr(value, getattr(field, "label_field", ""), value))
    elif isinstance(value, date):
        words = zh_day(value)
    else:
        words = str(dict(getattr(field, "choices", ())).get(value, value))
    return str(field.label or name), words
