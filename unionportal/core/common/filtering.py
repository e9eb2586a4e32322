"""Filter sets of lists, cheap to build on every request."""

from collections.abc import Iterator
from copy import copy
from typing import Any

import django_filters
from django.forms import Form
from django_filters.fields import ModelChoiceField, ModelChoiceIterator

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

    So the filters' own arguments may not depend on the request; what does is set on `self.form.fields`.
    """

    _form_class: type[Form]

    @classmethod
    def get_filters(cls) -> FilterTable:
        return FilterTable(super().get_filters())

    def get_form_class(self) -> type[Form]:
        cls = type(self)
        if "_form_class" not in vars(cls):
            cls._form_class = super().get_form_class()
        return cls._form_class


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
