"""Role x action: the only answer to "may this role do that?". Which rows, is answered by `visible_to`."""

from unionportal.core.common.errors import Forbidden
from unionportal.core.common.scope import Role, Scope

_DISTRICT = frozenset({Role.LEADER, Role.STAFF})
_EVERYBODY = _DISTRICT | {
    Role.CADRE,
    Role.TOWNSHIP,
    Role.HANDLER,
    Role.SYSADMIN,
    Role.SECURITY,
    Role.AUDITOR,
    Role.AID,
    Role.KEEPER,
}

#: Action -> roles; `public` is whoever comes by a public link. An action missing here is refused to everybody.
POLICY: dict[str, frozenset[str]] = {
    "workbench.view": _EVERYBODY,
    "directory.view": _EVERYBODY,
    "notification.view": _EVERYBODY,
    "view.share": frozenset({Role.STAFF}),
    "field_keys.rotate": frozenset(),  # the portal's own command
    "visit.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP},
    "visit.create": frozenset({Role.CADRE}),
    "visit.bring_in": frozenset({Role.STAFF, Role.CADRE}),
    "visit.export": _DISTRICT | {Role.TOWNSHIP},
    "visit.import": frozenset({Role.STAFF}),
    "checklist.manage": frozenset({Role.STAFF}),
    "coverage.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP},
    "plan.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP},
    "plan.write": frozenset({Role.CADRE}),
    "journal.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP},
    "journal.review": _DISTRICT | {Role.TOWNSHIP},
    "journal.write": frozenset({Role.CADRE}),
    "meeting.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP},
    "meeting.propose": _DISTRICT | {Role.CADRE, Role.TOWNSHIP},
    "meeting.manage": _DISTRICT,
    "meeting.groups": frozenset({Role.STAFF}),
    "meeting.task": _DISTRICT | {Role.CADRE, Role.TOWNSHIP, Role.HANDLER},
    "evaluation.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP, Role.HANDLER},
    "evaluation.manage": frozenset({Role.STAFF}),
    "evaluation.publish": _DISTRICT,
    "evaluation.nominate": frozenset({Role.CADRE, Role.TOWNSHIP}),
    "evaluation.review": _DISTRICT | {Role.CADRE, Role.TOWNSHIP, Role.HANDLER},  # of those the ones named for the round
    "analysis.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP},
    "analysis.edit": frozenset({Role.STAFF}),
    "reflection.view": _DISTRICT | {Role.CADRE},
    "reflection.write": frozenset({Role.CADRE}),
    "reflection.review": _DISTRICT,
    "practice.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP, Role.HANDLER},
    "practice.propose": _DISTRICT | {Role.CADRE, Role.TOWNSHIP},
    "practice.manage": frozenset({Role.STAFF}),
    "issue.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP, Role.HANDLER},
    "issue.create": frozenset({Role.STAFF, Role.CADRE, Role.TOWNSHIP}),
    "issue.bulk": _DISTRICT | {Role.TOWNSHIP},
    "issue.correct": frozenset({Role.STAFF, Role.CADRE}),
    "routing.manage": frozenset({Role.STAFF}),
    "deadline.recount": frozenset({Role.STAFF}),
    "note.write": _DISTRICT | {Role.CADRE, Role.TOWNSHIP, Role.HANDLER},
    "standard_answer.manage": frozenset({Role.STAFF}),
    "tracker.fill": frozenset({Role.STAFF, Role.CADRE, Role.TOWNSHIP, Role.HANDLER}),
    "tracker.figures": _DISTRICT | {Role.TOWNSHIP},
    "issue.export": _DISTRICT | {Role.TOWNSHIP},
    "issue.import": frozenset({Role.STAFF, Role.TOWNSHIP}),
    "consultation.opine": frozenset({Role.TOWNSHIP, Role.HANDLER}),
    "consultation.conclude": frozenset({Role.STAFF}),
    "activity.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP, Role.HANDLER},
    "activity.manage": frozenset({Role.STAFF, Role.TOWNSHIP}),
    "activity.answer": frozenset({Role.STAFF, Role.TOWNSHIP, Role.HANDLER}),
    "paper.view": _DISTRICT | {Role.TOWNSHIP},
    "paper.manage": frozenset({Role.STAFF}),
    "paper.registers": frozenset({Role.STAFF}),
    "paper.sign": frozenset({Role.LEADER}),
    "mediation.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP, Role.HANDLER},
    "mediation.manage": frozenset({Role.STAFF, Role.TOWNSHIP, Role.HANDLER}),
    "category.manage": frozenset({Role.STAFF}),
    "code.manage": frozenset({Role.STAFF}),
    "consent.manage": frozenset({Role.STAFF}),
    "issue.report": frozenset({"public"}),
    "issue.rate": frozenset({"public"}),
    "enterprise.view": _DISTRICT | {Role.CADRE, Role.TOWNSHIP},
    "enterprise.manage": frozenset({Role.STAFF}),
    "enterprise.records": frozenset({Role.STAFF, Role.TOWNSHIP}),
    "contact.manage": frozenset({Role.STAFF, Role.CADRE}),
    "contact.reveal": frozenset({Role.STAFF, Role.CADRE, Role.TOWNSHIP}),
    "risk.set": frozenset({Role.STAFF, Role.CADRE, Role.TOWNSHIP}),
    "risk.lift": frozenset({Role.STAFF, Role.TOWNSHIP}),
    "enterprise.export": _DISTRICT | {Role.TOWNSHIP},
    "export.run": _DISTRICT | {Role.TOWNSHIP},
    "import.run": frozenset({Role.STAFF, Role.TOWNSHIP}),
    "dashboard.view": _DISTRICT | {Role.TOWNSHIP},
    "figure.rows": _DISTRICT | {Role.TOWNSHIP, Role.CADRE},
    "figure.export": _DISTRICT | {Role.TOWNSHIP},
    "figure.define": _DISTRICT | {Role.TOWNSHIP, Role.CADRE, Role.HANDLER},
    "figure.units": _DISTRICT | {Role.TOWNSHIP},
    "figure.cadres": _DISTRICT | {Role.CADRE},
    "figure.freeze": frozenset({Role.STAFF}),
    "figure.recompute": frozenset({Role.STAFF}),
    "report.view": _DISTRICT,
    "report.make": _DISTRICT,
    "report.template": frozenset({Role.STAFF}),
    "account.view": frozenset({Role.SYSADMIN, Role.SECURITY}),
    "account.manage": frozenset({Role.SYSADMIN}),
    "role.manage": frozenset({Role.SECURITY}),
    "unit.view": frozenset({Role.SYSADMIN, Role.STAFF}),
    "unit.manage": frozenset({Role.SYSADMIN}),
    "posting.view": _DISTRICT | {Role.SYSADMIN, Role.CADRE, Role.TOWNSHIP},
    "posting.manage": frozenset({Role.STAFF, Role.SYSADMIN}),
    "substitution.manage": frozenset({Role.STAFF, Role.SYSADMIN, Role.CADRE}),
    "parameter.view": frozenset({Role.SYSADMIN, Role.STAFF, Role.LEADER}),
    "parameter.manage": frozenset({Role.SYSADMIN}),
    "calendar.manage": frozenset({Role.SYSADMIN}),
    "audit.view": frozenset({Role.AUDITOR}),
}


def allowed(scope: Scope, action: str) -> bool:
    """Whether any of the person's roles permits the action. `system` is the portal itself: its commands and timetable."""
    return "system" in scope.roles or not scope.roles.isdisjoint(POLICY.get(action, frozenset()))


def require(scope: Scope, action: str) -> None:
    """Raise `Forbidden` unless the policy permits the action."""
    if not allowed(scope, action):
        raise Forbidden
