"""Reads for pages and API, with what they show fetched in one go."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from hardship import codes
from hardship.models import FileMember, HardshipFile
from hardship.models.sealing import found_by
from hardship.personal import MEMBER_SECRETS, Sight, name_shown, secret_shown
from hardship.services.papers import age_of
from hardship.workflow import STATE_LABELS, STATE_TONES
from unionportal.core.common.identity import id_problem, plain_id
from unionportal.core.common.phones import is_phone, plain_phone
from unionportal.core.common.scope import Scope

LOOKS_SHOWN = 20


def file_list(scope: Scope) -> QuerySet[HardshipFile]:
    """Files with their holders, as lists show them."""
    holders = Prefetch("members", FileMember.objects.filter(relation=codes.HOLDER))
    return HardshipFile.objects.visible_to(scope).select_related("township").prefetch_related(holders)


def file_detail(scope: Scope) -> QuerySet[HardshipFile]:
    """Files with everything their page shows."""
    return (
        HardshipFile.objects.visible_to(scope)
        .select_related("township", "opened_by")
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
