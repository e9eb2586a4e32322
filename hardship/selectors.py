"""Reads for pages and API, with what they show fetched in one go."""

from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from hardship import codes
from hardship.models import FileMember, HardshipFile, Measure
from hardship.models.sealing import found_by
from hardship.personal import MEMBER_SECRETS, Sight, name_shown, secret_shown
from hardship.querysets import units_below
from hardship.services.papers import age_of
from hardship.workflow import STATE_LABELS, STATE_TONES
from unionportal.core.accounts.models import RoleGrant
from unionportal.core.common.identity import id_problem, plain_id
from unionportal.core.common.phones import is_phone, plain_phone
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit

LOOKS_SHOWN = 20


def file_list(scope: Scope) -> QuerySet[HardshipFile]:
    """Files with their holders, as lists show them."""
    holders = Prefetch("members", FileMember.objects.filter(relation=codes.HOLDER))
    return HardshipFile.objects.visible_to(scope).select_related("township").prefetch_related(holders)


def file_detail(scope: Scope) -> QuerySet[HardshipFile]:
    """Files with everything their page shows."""
    return (
        HardshipFile.objects.visible_to(scope)
        .select_related("township__parent__parent", "opened_by")
        .prefetch_related(
            "members",
            "income_lines__attachment",
            "income_lines__member",
            "disqualifier_answers",
            "category_decisions__decided_by",
            "papers__attachment",
            "papers__member",
        )
    )


def townships_without_officer(scope: Scope) -> QuerySet[Unit]:
    """Townships in which nobody is an aid officer, so that a unit above reviews for them: all for the district's staff and the administrators of
    accounts, for an aid officer those of the own area."""
    officers = RoleGrant.objects.filter(role=Role.AID, unit=OuterRef("pk"), user__is_active=True)
    found = Unit.objects.townships().active().exclude(Exists(officers)).order_by("code")
    if allowed(scope, "account.view") or scope.district:
        return found
    return found.filter(pk__in=units_below(scope.aid_unit_ids))


def state_look(state: str) -> dict[str, str]:
    """A state as a chip."""
    return {"label": STATE_LABELS.get(state, state), "tone": STATE_TONES.get(state, "link")}


def file_row(file: HardshipFile, sight: Sight) -> dict[str, Any]:
    """A file as a line of a list, for this reader."""
    return {
        "file": file,
        "look": state_look(file.state),
        "holder": name_shown(file.holder, personal=sight.reaches(file)),
    }


def member_look(member: FileMember, day: date, *, personal: bool) -> dict[str, Any]:
    """A member as the file's page shows them: numbers masked for everybody, health and the like for those who work on the file alone."""
    look: dict[str, Any] = {
        "member": member,
        "name": name_shown(member, personal=personal),
        "has_secrets": any(getattr(member, f"{name}_sealed") for name in MEMBER_SECRETS),
    }
    if personal:
        look |= {name: secret_shown(member, name, personal=True) for name in ("id", "phone")}
        look["age"] = age_of(member, day)
    return look


def people_found(text: str, scope: Scope) -> list[FileMember]:
    """Members of files the person works on, by exact ID number, phone or name."""
    typed = text.strip()
    if not id_problem(typed):
        found = found_by("id", plain_id(typed), FileMember)
    elif is_phone(plain_phone(typed)):
        found = found_by("phone", plain_phone(typed), FileMember)
    else:
        found = found_by("name", typed, FileMember)
    mine = HardshipFile.objects.personal_to(scope)
    rows = FileMember.objects.filter(found, file__in=mine.values("pk")).select_related("file__township")
    return list(rows.order_by("-file__opened_on", "-file_id", "id")[:50])


#: By what measures are counted: the columns they are grouped by.
OUTCOMES_BY = {"kind": ("kind__position", "kind__name"), "plan": ("is_of_one",)}


def outcomes(scope: Scope, by: str) -> list[dict[str, Any]]:
    """How the measures of the reader's reach came out, by what they were (`kind`), or for whole households and for single people (`plan`).
    What nobody used is left out."""
    counted = {
        "open": Count("pk", filter=Q(state="open")),
        "helped": Count("pk", filter=Q(outcome="helped")),
        "partly": Count("pk", filter=Q(outcome="partly")),
        "not_helped": Count("pk", filter=Q(outcome="not_helped")),
        "dropped": Count("pk", filter=Q(state="dropped")),
        "households": Count("file", distinct=True),
        "people": Count("member", distinct=True),
    }
    rows = Measure.objects.visible_to(scope).order_by().annotate(is_of_one=Q(member__isnull=False))
    return list(rows.values(*OUTCOMES_BY[by]).annotate(**counted).order_by(*OUTCOMES_BY[by]))
