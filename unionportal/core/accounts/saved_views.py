"""Saved views of lists: which lists have them, and what a list shows of them. Reads only. Source: docs/domain.md, "Saved views"."""

from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse

from unionportal.core.accounts.models import SavedView
from unionportal.core.common.spelled import Spelled

#: Keys of an address that are no conditions: where in the list, and which view.
_NO_CONDITION = frozenset({"after", "before", "view", "format"})
SHARED_SHOWN = 20


@dataclass(frozen=True, slots=True)
class SavedList:
    """A list with saved views: its name on screen, its address by name, and the policy action of whoever may open it."""

    label: str
    url_name: str
    action: str


#: By names alone, as in the policy table: the ground floor imports no app.
LISTS: dict[str, SavedList] = {"issues": SavedList("问题诉求", "issue-list", "issue.view")}


class _Offered(NamedTuple):
    """What a list needs of a view."""

    owner_id: int
    list_key: str
    name: str
    query: str
    is_default: bool
    is_shared: bool


_OFFERED = Spelled(
    lambda user_id, key: (
        SavedView.objects.offered_to(user_id).filter(list_key=key).order_by("name", "id").values_list(*_Offered._fields)
    ),
    user_id=-1,
    key="list",
)


@dataclass(frozen=True, slots=True)
class ViewLink:
    """A view as the list offers it."""

    name: str
    url: str
    is_shared: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class ViewBar:
    """The views above a list. `opens`: where a bare address leads, by the person's default; `everything`: what says in an address that
    the default is not wanted; `save_url`: where the open filter can be kept, "" where there is none or it is kept already."""

    links: tuple[ViewLink, ...]
    opens: str
    everything: str
    save_url: str


def conditions(query: str) -> str:
    """The conditions of an address in one order, without empty ones and without the place in the list."""
    pairs = [
        (key, value)
        for key, values in QueryDict(query).lists()
        for value in values
        if value.strip() and key not in _NO_CONDITION
    ]
    return urlencode(sorted(pairs))


def view_url(view: "SavedView | _Offered") -> str:
    """The list with the view's conditions."""
    return f"{reverse(LISTS[view.list_key].url_name)}?{view.query}"


def view_bar(request: HttpRequest, key: str) -> ViewBar:
    """What the list `key` shows of saved views, in one query."""
    scope = request.scope
    rows = [_Offered(*row) for row in _OFFERED.rows(user_id=scope.user_id, key=key)]
    own = [row for row in rows if row.owner_id == scope.user_id]
    shared = [row for row in rows if row.owner_id != scope.user_id][:SHARED_SHOWN]
    present = conditions(request.GET.urlencode())
    default = next((row for row in own if row.is_default), None)
    keep = present and not any(row.query == present for row in own)
    return ViewBar(
        links=tuple(ViewLink(row.name, view_url(row), row.is_shared, row.query == present) for row in own + shared),
        opens=view_url(default) if default is not None and not request.GET else "",
        everything="all" if default is not None else "",
        save_url=f"{reverse('saved-view-create')}?{urlencode({'list': key, 'query': present})}" if keep else "",
    )
