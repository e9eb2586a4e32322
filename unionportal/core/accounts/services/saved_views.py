"""Keeping, changing and taking away saved views."""

from django.db import transaction

from unionportal.core.accounts.models import SavedView
from unionportal.core.accounts.saved_views import LISTS, conditions
from unionportal.core.accounts.services.accounts import user_for_update
from unionportal.core.audit.services import record
from unionportal.core.common.errors import FieldErrors, Forbidden, NotFound
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Scope

#: Views a person keeps at most, over all lists.
MOST = 20


@transaction.atomic
def saved_view_save(
    *,
    actor: Scope,
    name: str,
    is_default: bool = False,
    is_shared: bool = False,
    pk: int | None = None,
    list_key: str = "",
    query: str = "",
) -> SavedView:
    """Keep the conditions `query` of a list under a name, or (by `pk`) change what an own view is called and for. One default a list.

    Raises NotFound, Forbidden, FieldErrors (name, is_shared, query).
    """
    user_for_update(actor.user_id)  # one at a time a person: the number and the one default are theirs
    mine = SavedView.objects.owned_by(actor)
    if pk is not None:
        view = mine.filter(pk=pk).first()
        if view is None:
            raise NotFound
    elif list_key in LISTS:
        view = SavedView(owner_id=actor.user_id, list_key=list_key, query=conditions(query))
    else:
        raise NotFound("没有这个列表。")
    require(actor, LISTS[view.list_key].action)
    name = name.strip()
    _check(view, name, is_shared, actor)
    if is_default:
        mine.filter(list_key=view.list_key).exclude(pk=view.pk).update(is_default=False)
    view.name, view.is_default, view.is_shared = name, is_default, is_shared
    view.save()
    record(actor=actor, action="view.save", object_type="view", object_id=view.pk, shared=view.is_shared)
    return view


def _check(view: SavedView, name: str, is_shared: bool, actor: Scope) -> None:
    mine = SavedView.objects.owned_by(actor)
    problems = {}
    if not 1 <= len(name) <= SavedView.NAME_LENGTH:
        problems["name"] = f"请起一个名称，最多 {SavedView.NAME_LENGTH} 个字。"
    elif mine.filter(list_key=view.list_key, name=name).exclude(pk=view.pk).exists():
        problems["name"] = "您已经有一个同名的视图，请换一个名称。"
    if is_shared and not allowed(actor, "view.share"):
        problems["is_shared"] = "只有区总工会工作人员可以共享视图。"
    if not view.query:
        problems["query"] = "没有筛选条件可存，请先在列表里筛选。"
    elif len(view.query) > SavedView.QUERY_LENGTH:
        problems["query"] = "筛选条件太长，请减少一些。"
    if view._state.adding and mine.count() >= MOST:
        problems["query"] = f"最多存 {MOST} 个视图，请先删掉不用的。"
    if problems:
        raise FieldErrors(problems)


@transaction.atomic
def saved_view_remove(*, pk: int, actor: Scope) -> str:
    """Take an own view away for good; its name. Raises NotFound, Forbidden where it is only shared with the person."""
    view = SavedView.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=pk).first()
    if view is None:
        raise NotFound
    if view.owner_id != actor.user_id:
        raise Forbidden("这是别人共享的视图，只有本人可以删除。")
    view.delete()
    record(actor=actor, action="view.remove", object_type="view", object_id=pk)
    return view.name
