"""The units that see an issue because they were brought in beside its holder. Source: docs/decisions/0009-joined-units-on-the-issue.md."""

from casework.models import ConsultationParty, Issue, Mediation


def joined_units(issue: Issue) -> list[int]:
    """Units asked in a consultation and units that mediate, now or before: what `Issue.joined_unit_ids` holds."""
    asked = ConsultationParty.objects.filter(consultation__issue=issue, unit__isnull=False).values_list("unit_id")
    mediating = Mediation.objects.filter(issue=issue).values_list("organisation_id")
    return sorted({unit for (unit,) in asked.union(mediating)})
