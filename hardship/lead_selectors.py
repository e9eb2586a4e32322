"""Leads as pages and the API show them."""

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet

from hardship.lead_personal import LeadSight, lead_name, lead_numbers, lead_text
from hardship.models import Lead, LeadReason
from hardship.personal import ERASED, HIDDEN
from unionportal.core.common import formats
from unionportal.core.common.phones import LOST
from unionportal.core.common.scope import Scope
from unionportal.core.common.sealed import Unreadable
from unionportal.core.workcal.days import workdays_left

TONES = {"open": "warn", "verified": "link", "confirmed": "ok", "dismissed": "idle"}


def lead_list(scope: Scope) -> QuerySet[Lead]:
    """Leads with what a line shows."""
    return Lead.objects.visible_to(scope).select_related("township", "verifier")


def lead_detail(scope: Scope) -> QuerySet[Lead]:
    """Leads with everything their page shows."""
    reasons = Prefetch("reasons", LeadReason.objects.select_related("rule", "batch"))
    return (
        Lead.objects.visible_to(scope)
        .select_related(
            "township", "verifier", "enterprise", "issue", "raised_by", "verified_by", "decided_by", "file", "visit"
        )
        .prefetch_related(reasons)
    )


def lead_look(lead: Lead, today: date) -> dict[str, str]:
    """The state as a chip; one that waits says how long it may."""
    if lead.state == Lead.State.OPEN:
        left = workdays_left(lead.due_on, today)
        return {"label": f"待核实，{formats.due_words(left)}", "tone": formats.due_tone(left)}
    return {"label": lead.get_state_display(), "tone": TONES[lead.state]}


def lead_row(lead: Lead, sight: LeadSight, today: date) -> dict[str, Any]:
    """A lead as a line of a list, for this reader."""
    return {"lead": lead, "name": lead_name(lead, sight), "look": lead_look(lead, today)}


def lead_whole(lead: Lead, sight: LeadSight, today: date) -> dict[str, Any]:
    """A lead as its page shows it: texts and reasons for whoever may read whom it is about."""
    return {
        **lead_row(lead, sight, today),
        "personal": sight.reaches(lead),
        **lead_numbers(lead, sight),
        "words": lead_text(lead, "words", sight),
        "finding": lead_text(lead, "finding", sight),
        "note": lead_text(lead, "note", sight),
        "reasons": [(reason, _words(reason, personal=sight.reaches(lead))) for reason in lead.reasons.all()],
    }


def _words(reason: LeadReason, *, personal: bool) -> str:
    """Why the rule spoke; without the person's own figures for who may not read them: then the rule alone."""
    if not personal:
        return f"{reason.batch.get_source_display()}：{reason.rule}（{HIDDEN}）"
    try:
        return reason.opened("words") or ERASED
    except Unreadable:
        return LOST
