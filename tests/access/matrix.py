"""Who may open which address: a hand-written expectation, not derived from the policy table it checks.

Only the door is meant here. Everybody in the sample stands near the rows (the cadre and the clerk in their township, the handler as
holder), so a refusal comes from the role; which rows a person sees is tested with each app.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from casework.models import (
    ActivityPhoto,
    ActivitySession,
    StandardAnswer,
)
from hardship.models import Objection, SensingRule
from stations.check_in import address_token
from stations.models import EventPhoto, ServedCount
from tests.access.sample import Sample
from unionportal.core.common import clock
from visits.quarters import quarter_code

EVERYBODY = frozenset(
    {"sysadmin", "security", "auditor", "leader", "staff", "cadre", "township", "handler", "aid", "keeper"}
)
#: Needs no account at all.
ANYBODY = EVERYBODY | {"stranger"}
DISTRICT = frozenset({"leader", "staff"})
FIELD = DISTRICT | {"cadre", "township"}
CASEWORK = FIELD | {"handler"}
#: Whoever works on a mediation: staff, the issue's township, its holder.
MEDIATING = frozenset({"staff", "township", "handler"})
#: Whoever keeps the events and numbers of a station.
SERVING = frozenset({"staff", "township", "keeper"})
#: Sees the rows of hardship files, and of those who works with the people in them.
HARDSHIP = DISTRICT | {"township", "aid"}
AID = frozenset({"aid"})
LEADS = HARDSHIP | {"cadre"}
#: Reads the district's money; and who keeps it.
BOOKS = DISTRICT | AID
STAFF = frozenset({"staff"})
PARAMETERS = frozenset({"sysadmin", "staff", "leader"})
#: Who sees how stations are built and rated.
BUILDING = DISTRICT | {"township"}
#: Whoever reads the register of stations, manages its entries, looks after a place.
STATIONS = FIELD | {"keeper"}
REGISTRARS = frozenset({"staff", "township"})
KEEPING = REGISTRARS | {"keeper"}


@dataclass(frozen=True)
class Line:
    """One address: the roles it opens to, how it is asked for, and what its path needs."""

    roles: frozenset[str]
    kwargs: Callable[[Sample], dict[str, Any]] = lambda things: {}
    method: str = "get"
    options: dict[str, Any] = field(default_factory=dict)
    #: Nothing of that kind is there in the sample: 404 to those let in, 403 still to the others.
    empty: bool = False


def account(things: Sample) -> dict[str, Any]:
    return {"pk": things.people["keeper"].pk}


def posting(things: Sample) -> dict[str, Any]:
    return {"pk": things.posting.pk}


def issue(things: Sample) -> dict[str, Any]:
    return {"code": things.issue.code}


def station_event(things: Sample) -> dict[str, Any]:
    return {"code": things.station_event.code}


def event_station(things: Sample) -> dict[str, Any]:
    return {"station": things.station_event.station.code}


def check_in_code(things: Sample) -> dict[str, Any]:
    return {"token": address_token(things.station_event.station.uuid, clock.today())}


def public_code(things: Sample) -> dict[str, Any]:
    return {"uuid": things.code.uuid}


def consultation(things: Sample) -> dict[str, Any]:
    return {"pk": things.consultation.pk}


def activity(things: Sample) -> dict[str, Any]:
    return {"code": things.activity.code}


def mediation(things: Sample) -> dict[str, Any]:
    return {"number": things.mediation.number}


def station(things: Sample, **more: Any) -> dict[str, Any]:
    return {"code": things.station.code, **more}


def hardship_file(things: Sample) -> dict[str, Any]:
    return {"code": things.file.code}


def hardship_lead(things: Sample) -> dict[str, Any]:
    return {"code": things.lead.code}


def hardship_holder(things: Sample) -> dict[str, Any]:
    return {"code": things.file.code, "pk": things.file.holder.pk}


def measure(things: Sample) -> dict[str, Any]:
    return {"uuid": things.measure.pk}


def listed(things: Sample) -> dict[str, Any]:
    return {"uuid": things.listed.uuid}


def fund(things: Sample) -> dict[str, Any]:
    return {"fund_id": things.money.fund.pk}


def entry(things: Sample) -> dict[str, Any]:
    return {"entry_id": things.money.fund.entries.earliest("pk").pk}


def batch(things: Sample) -> dict[str, Any]:
    return {"code": things.money.batch.code}


def grant(things: Sample) -> dict[str, Any]:
    return {**batch(things), "seq": 1}


def campaign(things: Sample) -> dict[str, Any]:
    return {"campaign_id": things.money.campaign.pk}


def order(things: Sample) -> dict[str, Any]:
    return {"code": things.money.order.code}


def visit(things: Sample) -> dict[str, Any]:
    return {"visit_id": things.visit.pk}


def meeting(things: Sample) -> dict[str, Any]:
    return {"meeting_id": things.meeting.pk}


def evaluation(things: Sample, **more: Any) -> dict[str, Any]:
    return {"year": things.nomination.round.year, **more}


def nomination(things: Sample, **more: Any) -> dict[str, Any]:
    return evaluation(things, pk=things.nomination.pk, **more)


def agenda_item(things: Sample) -> dict[str, Any]:
    return {**meeting(things), "item_id": things.meeting_task.item_id}


def meeting_group(things: Sample) -> dict[str, Any]:
    return {"pk": things.meeting.group_id}


def meeting_task(things: Sample) -> dict[str, Any]:
    return {"task_id": things.meeting_task.pk}


def planned_visit(things: Sample) -> dict[str, Any]:
    return {"planned_id": things.planned.pk}


def this_quarter(things: Sample) -> dict[str, Any]:
    return {"quarter": quarter_code(things.reflection.quarter)}


def analysis(things: Sample) -> dict[str, Any]:
    return {**this_quarter(things), "code": things.enterprise.township.code}


def reflection(things: Sample) -> dict[str, Any]:
    return {"pk": things.reflection.pk}


def practice(things: Sample) -> dict[str, Any]:
    return {"pk": things.practice.pk}


def enterprise(things: Sample) -> dict[str, Any]:
    return {"credit_code": things.enterprise.credit_code}


def record_of(name: str) -> Callable[[Sample], dict[str, Any]]:
    """The enterprise's only record of that kind."""
    return lambda things: {**enterprise(things), "pk": getattr(things.enterprise, name).get().pk}


def export(things: Sample) -> dict[str, Any]:
    return {"job_id": things.export.pk}


def check(things: Sample) -> dict[str, Any]:
    return {"job_id": things.check.pk}


def unit(things: Sample) -> dict[str, Any]:
    return {"code": "rights"}


def station_check(things: Sample) -> dict[str, Any]:
    return {"check_id": things.care.check.pk}


def repair(things: Sample) -> dict[str, Any]:
    return {"repair_id": things.care.repair.pk}


def build_project(things: Sample) -> dict[str, Any]:
    return {"project_id": things.care.project.pk}


def year_stars(things: Sample) -> dict[str, Any]:
    return {"year": clock.today().year, **station(things)}


def parameter(things: Sample) -> dict[str, Any]:
    return {"key": "visits.weekly_quota"}


MATRIX: dict[str, Line] = {
    "healthz": Line(ANYBODY),
    "readyz": Line(ANYBODY),
    "metrics": Line(ANYBODY),  # of this machine; who asks from elsewhere: tests/core/test_metrics.py
    "login": Line(ANYBODY),
    "logout": Line(ANYBODY),  # answers 405 to GET: signing out is a POST
    "workbench": Line(EVERYBODY),
    "me": Line(EVERYBODY),
    "password": Line(EVERYBODY),
    "saved-views": Line(EVERYBODY),
    "saved-view-create": Line(CASEWORK, options={"data": {"list": "issues", "query": "state=open"}}),
    "saved-view": Line(EVERYBODY, lambda things: {"pk": 0}, empty=True),
    "saved-view-remove": Line(EVERYBODY, lambda things: {"pk": 0}, "post", empty=True),
    "hint-dismiss": Line(EVERYBODY, method="post", options={"data": {"role": "staff"}}),
    "accounts": Line(frozenset({"sysadmin", "security"})),
    "account": Line(frozenset({"sysadmin", "security"}), account),
    "account-create": Line(frozenset({"sysadmin"})),
    "account-edit": Line(frozenset({"sysadmin"}), account),
    "account-disable": Line(frozenset({"sysadmin"}), account, "post"),
    "account-enable": Line(frozenset({"sysadmin"}), account, "post"),
    "account-unlock": Line(frozenset({"sysadmin"}), account, "post"),
    "account-reset": Line(frozenset({"sysadmin"}), account, "post"),
    "role-grant": Line(frozenset({"security"}), account, "post"),
    "role-revoke": Line(frozenset({"security"}), account, "post", empty=True),
    "postings": Line(FIELD | {"sysadmin"}),
    "posting-create": Line(frozenset({"staff", "sysadmin"})),
    "posting-enterprises": Line(frozenset({"staff", "sysadmin"})),
    "posting-end": Line(frozenset({"staff", "sysadmin"}), posting),
    "posting-matrix": Line(FIELD | {"sysadmin"}),
    "substitutions": Line(FIELD | {"sysadmin"}),
    "substitution-create": Line(frozenset({"staff", "sysadmin", "cadre"})),
    "substitution-end": Line(frozenset({"staff", "sysadmin", "cadre"}), lambda things: {"pk": things.substitution.pk}),
    "posting-open": Line(FIELD | {"sysadmin"}, posting),
    "posting-hand-over": Line(frozenset({"staff", "sysadmin"}), posting),
    "enterprise-list": Line(FIELD),
    "enterprise-detail": Line(FIELD, enterprise),
    "enterprise-create": Line(frozenset({"staff"})),
    "enterprise-edit": Line(frozenset({"staff"}), enterprise),
    "enterprise-merge": Line(frozenset({"staff"}), enterprise),
    "enterprise-move": Line(frozenset({"staff"})),
    "contact-create": Line(frozenset({"staff", "cadre"}), enterprise),
    "contact-edit": Line(frozenset({"staff", "cadre"}), record_of("contacts")),
    "contact-remove": Line(frozenset({"staff", "cadre"}), record_of("contacts")),
    "contact-reveal": Line(frozenset({"staff", "cadre", "township"}), record_of("contacts")),
    "risk-set": Line(frozenset({"staff", "cadre", "township"}), enterprise),
    "risk-lift": Line(frozenset({"staff", "township"}), record_of("risk_marks")),
    "contract-create": Line(frozenset({"staff", "township"}), enterprise),
    "contract-edit": Line(frozenset({"staff", "township"}), record_of("contracts")),
    "mutual-aid-create": Line(frozenset({"staff", "township"}), enterprise),
    "mutual-aid-edit": Line(frozenset({"staff", "township"}), record_of("mutual_aid")),
    "unit-list": Line(frozenset({"sysadmin", "staff"})),
    "unit-create": Line(frozenset({"sysadmin"})),
    "unit-edit": Line(frozenset({"sysadmin"}), unit),
    "parameters": Line(PARAMETERS),
    "parameter": Line(PARAMETERS, parameter),
    "parameter-set": Line(frozenset({"sysadmin"}), parameter, "post"),
    "parameter-withdraw": Line(frozenset({"sysadmin"}), parameter, "post", empty=True),
    "issue-list": Line(CASEWORK),
    "issue-detail": Line(CASEWORK, issue),
    "issue-bulk": Line(frozenset({"staff", "township"}), lambda things: {"action": "assign"}),
    "issue-create": Line(frozenset({"staff", "cadre", "township"})),
    "issue-enterprises": Line(frozenset({"staff", "cadre", "township"})),
    "issue-correct": Line(frozenset({"staff"}), issue),  # a cadre only before somebody has acted
    "issue-note": Line(CASEWORK, issue, "post"),
    "issue-watch": Line(CASEWORK, issue, "post"),
    "issue-people": Line(CASEWORK, issue),
    "issue-file": Line(CASEWORK, lambda things: {**issue(things), "file_id": uuid4()}, empty=True),
    "standard-answers": Line(frozenset({"staff"})),
    "standard-answer-create": Line(frozenset({"staff"})),
    "standard-answer": Line(frozenset({"staff"}), lambda things: {"pk": StandardAnswer.objects.get().pk}),
    "notifications": Line(EVERYBODY),
    "notification": Line(EVERYBODY, lambda things: {"pk": 0}, empty=True),
    "channels": Line(EVERYBODY),
    "issue-tracker": Line(frozenset({"staff", "cadre", "township", "handler"}), issue),
    "category-tracker": Line(frozenset({"staff"}), lambda things: {"code": "dues_refund"}),
    "tracker-figures": Line(DISTRICT | {"township"}),
    "tracker-rows": Line(DISTRICT | {"township"}, lambda things: {"code": "dues_refund"}),
    "issue-export": Line(DISTRICT | {"township"}),
    "exports": Line(DISTRICT | {"township"}),
    "export-ask": Line(DISTRICT | {"township"}, options={"data": {"of": "issues"}}),
    # Of one's own jobs alone.
    "export-file": Line(frozenset({"staff"}), export),
    "export-again": Line(frozenset({"staff"}), export, "post"),
    "export-cancel": Line(frozenset({"staff"}), export, "post"),
    "imports": Line(frozenset({"staff", "township", "aid"})),
    "import-template": Line(frozenset({"staff"}), lambda things: {"kind": "enterprises"}),
    "import": Line(frozenset({"staff"}), check),
    "import-confirm": Line(frozenset({"staff"}), check, "post"),
    "import-cancel": Line(frozenset({"staff"}), check, "post"),
    "import-file": Line(frozenset({"staff"}), check),
    "category-create": Line(frozenset({"staff"})),
    "routing-list": Line(frozenset({"staff"})),
    "routing-create": Line(frozenset({"staff"})),
    "routing-edit": Line(frozenset({"staff"}), lambda things: {"pk": 1}, empty=True),
    "due-list": Line(CASEWORK),
    "due-recount": Line(frozenset({"staff"})),
    "issue-similar": Line(frozenset({"staff", "cadre", "township"})),
    "issue-photo": Line(CASEWORK, lambda things: {**issue(things), "photo_id": things.issue.photos.get().pk}),
    "reporter-reveal": Line(CASEWORK, issue),
    # A new link: staff, and the cadre who registered it.
    "track-link": Line(frozenset({"staff", "cadre"}), issue, "post"),
    "public-report": Line(ANYBODY, lambda things: {"token": things.code.token}),
    "public-track": Line(ANYBODY, lambda things: {"token": things.track_token}),
    "code-list": Line(frozenset({"staff"})),
    "code-create": Line(frozenset({"staff"})),
    "code-poster": Line(frozenset({"staff"}), public_code),
    "code-close": Line(frozenset({"staff"}), public_code, "post"),
    "code-reopen": Line(frozenset({"staff"}), public_code, "post"),
    "consent": Line(frozenset({"staff"})),
    "consultation": Line(CASEWORK, consultation),
    "consultation-act": Line(frozenset({"staff"}), lambda things: {**consultation(things), "act": "task"}, "post"),
    "issue-activities": Line(frozenset({"staff", "township"}), issue),
    "activity-list": Line(CASEWORK),
    "activity-create": Line(frozenset({"staff", "township"})),
    "activity": Line(CASEWORK, activity),
    "activity-edit": Line(frozenset({"staff", "township"}), activity),
    "activity-issues": Line(frozenset({"staff", "township"}), activity),
    "activity-answer": Line(frozenset({"staff", "township", "handler"}), activity),
    "activity-photos": Line(frozenset({"staff", "township"}), activity, "post"),
    "activity-photo": Line(CASEWORK, lambda things: {**activity(things), "photo_id": ActivityPhoto.objects.get().pk}),
    "activity-session": Line(
        frozenset({"staff", "township"}),
        lambda things: {**activity(things), "session_id": ActivitySession.objects.get().pk},
    ),
    "activity-act": Line(
        frozenset({"staff", "township"}), lambda things: {**activity(things), "act": "session"}, "post"
    ),
    "station-list": Line(STATIONS),
    "station-create": Line(REGISTRARS),
    "station": Line(STATIONS, station),
    "station-edit": Line(REGISTRARS, station),
    "station-hours": Line(KEEPING, station),
    "station-closure": Line(KEEPING, lambda things: station(things, closure_id=things.station.closures.get().pk)),
    "station-photos": Line(KEEPING, station, "post"),
    "station-photo": Line(STATIONS, lambda things: station(things, photo_id=things.station.photos.get().pk)),
    "station-act": Line(KEEPING, lambda things: station(things, act="closure"), "post"),
    "station-plate": Line(KEEPING, station),
    "find": Line(ANYBODY),
    "find-tile": Line(ANYBODY, lambda things: {"zoom": 8, "column": 213, "row": 105}),
    "find-station": Line(ANYBODY, station),
    "find-rate": Line(ANYBODY, station, "post"),
    "station-coverage": Line(DISTRICT | {"township"}),
    "station-summary": Line(DISTRICT | {"township"}),
    "station-geojson": Line(DISTRICT | {"township"}),
    "station-employers": Line(DISTRICT | {"township"}),
    "station-employer": Line(REGISTRARS, enterprise),
    "station-catalogue": Line(frozenset({"staff"})),
    "station-places": Line(frozenset({"staff"})),
    "station-place": Line(frozenset({"staff"}), lambda things: {"code": things.station.township.code}),
    "station-event-list": Line(FIELD | {"keeper"}),
    "station-event-create": Line(SERVING),
    "station-event": Line(FIELD | {"keeper"}, station_event),
    "station-event-edit": Line(SERVING, station_event),
    "station-event-photos": Line(SERVING, station_event, "post"),
    "station-event-photo": Line(
        FIELD | {"keeper"}, lambda things: {**station_event(things), "photo_id": EventPhoto.objects.get().pk}
    ),
    "station-event-act": Line(SERVING, lambda things: {**station_event(things), "act": "correct"}, "post"),
    "station-served-list": Line(FIELD | {"keeper"}),
    "station-served": Line(FIELD | {"keeper"}, event_station),
    "station-served-correct": Line(
        SERVING, lambda things: {**event_station(things), "count_id": ServedCount.objects.get().pk}
    ),
    "station-check-in-code": Line(SERVING, event_station),
    "check-in": Line(ANYBODY, check_in_code),
    "mediation-list": Line(CASEWORK),
    "mediation-create": Line(MEDIATING, issue),
    "mediation": Line(CASEWORK, mediation),
    "mediation-word": Line(MEDIATING, lambda things: {**mediation(things), "paper": "application"}),
    "mediation-party": Line(
        MEDIATING, lambda things: {**mediation(things), "party": things.mediation.parties.earliest("pk").pk}
    ),
    "mediation-act": Line(MEDIATING, lambda things: {**mediation(things), "act": "party"}, "post"),
    "hardship-list": Line(HARDSHIP),
    "hardship-open": Line(AID),
    "hardship-find": Line(AID),
    "hardship-file": Line(HARDSHIP, hardship_file),
    "hardship-edit": Line(AID, hardship_file),
    "hardship-member-add": Line(AID, hardship_file),
    "hardship-member": Line(AID, hardship_holder),
    "hardship-reveal": Line(AID, hardship_file),
    "hardship-reveal-member": Line(AID, hardship_holder),
    "hardship-scan": Line(
        AID,
        lambda things: {**hardship_file(things), "attachment_id": things.file.income_lines.get().attachment_id},
    ),
    "hardship-books": Line(AID),
    "hardship-book-file": Line(AID, lambda things: {"book_id": uuid4()}, empty=True),
    "hardship-subject": Line(AID, hardship_file),
    "hardship-retention": Line(AID),
    "hardship-certificates": Line(DISTRICT | {"aid", "auditor"}),
    "hardship-certificate": Line(DISTRICT | {"aid", "auditor"}, lambda things: {"number": "SC-2024-0001"}, empty=True),
    "hardship-act": Line(AID, lambda things: {**hardship_file(things), "act": "line"}, "post"),
    "hardship-process": Line(HARDSHIP, hardship_file),
    "hardship-process-act": Line(AID, lambda things: {**hardship_file(things), "act": "apply"}, "post"),
    "hardship-survey": Line(AID, hardship_file),
    "hardship-survey-photo": Line(AID, lambda things: {**hardship_file(things), "photo_id": 0}, empty=True),
    "hardship-form": Line(AID, lambda things: {**hardship_file(things), "paper": "application"}),
    "hardship-publicity-list": Line(HARDSHIP),
    # Nothing waits for a list in the sample.
    "hardship-publicity-new": Line(AID, lambda things: {"code": things.enterprise.township.code}, empty=True),
    "hardship-publicity": Line(HARDSHIP, listed),
    "hardship-publicity-act": Line(AID, lambda things: {**listed(things), "act": "stop"}, "post"),
    "hardship-publicity-poster": Line(AID, listed),
    "hardship-objection": Line(AID, lambda things: {"uuid": Objection.objects.get().uuid}),
    "hardship-progress": Line(HARDSHIP),
    "hardship-measures": Line(HARDSHIP),
    "hardship-measure": Line(HARDSHIP, measure),
    "hardship-measure-act": Line(AID, lambda things: {**measure(things), "act": "finish"}, "post"),
    "hardship-measure-kinds": Line(AID | {"staff"}),
    "hardship-measure-kind-new": Line(AID | {"staff"}),
    "hardship-measure-kind": Line(AID | {"staff"}, lambda things: {"code": "training"}),
    "publicity-page": Line(ANYBODY, lambda things: {"token": things.listed.token}),
    "publicity-objection": Line(ANYBODY, lambda things: {"token": things.listed.token}),
    "leads": Line(LEADS),
    "lead-create": Line(LEADS - {"leader"}),
    "lead": Line(LEADS, hardship_lead),
    "lead-reveal": Line(LEADS - DISTRICT, hardship_lead),  # the numbers themselves: tests/hardship/test_leads.py
    "lead-act": Line(LEADS - DISTRICT, lambda things: {**hardship_lead(things), "act": "verify"}, "post"),
    "hardship-watches": Line(HARDSHIP),
    "hardship-watch": Line(HARDSHIP, lambda things: {"key": "review"}),
    "sensing": Line(DISTRICT),
    "sensing-upload": Line(frozenset({"staff"})),
    "sensing-batch": Line(DISTRICT, lambda things: {"batch_uuid": things.sheet.uuid}),
    "sensing-rules": Line(DISTRICT),
    "sensing-rule-end": Line(
        frozenset({"staff"}), lambda things: {"pk": SensingRule.objects.earliest("pk").pk}, "post"
    ),
    "fund-list": Line(BOOKS),
    "fund-list-act": Line(STAFF, lambda things: {"act": "new"}, "post"),
    "fund": Line(BOOKS, fund),
    "fund-act": Line(STAFF, lambda things: {**fund(things), "act": "allot"}, "post"),
    "ledger-account": Line(BOOKS, lambda things: {**fund(things), "kind": "available"}),
    "ledger-entry": Line(BOOKS, entry),
    "ledger-entry-act": Line(frozenset({"leader"}), lambda things: {**entry(things), "act": "reverse"}, "post"),
    "grant-caps": Line(BOOKS),
    "grant-caps-act": Line(STAFF, lambda things: {"act": "set"}, "post"),
    "campaign-list": Line(BOOKS),
    "campaign-list-act": Line(STAFF | AID, lambda things: {"act": "new"}, "post"),
    "campaign": Line(BOOKS, campaign),
    "campaign-add": Line(AID, campaign),
    "batch-list": Line(BOOKS),
    "batch-list-act": Line(AID, method="post"),
    "batch": Line(BOOKS, batch),
    "batch-add": Line(AID, batch),
    "batch-sheet": Line(AID, batch),
    "batch-act": Line(AID, lambda things: {**batch(things), "act": "fill"}, "post"),
    "grant": Line(BOOKS, grant),
    "grant-receipt": Line(AID, grant, empty=True),
    "grant-act": Line(AID, lambda things: {**grant(things), "act": "amount"}, "post"),
    "order-list": Line(BOOKS),
    "order-create": Line(AID),
    "service-catalogue": Line(BOOKS),
    "service-catalogue-act": Line(STAFF, lambda things: {"act": "service"}, "post"),
    "order": Line(BOOKS, order),
    "order-act": Line(AID, lambda things: {**order(things), "act": "confirm"}, "post"),
    "api-hardship-grant-list": Line(HARDSHIP),
    "api-hardship-grant-detail": Line(HARDSHIP, lambda things: {"pk": things.money.batch.grants.get().pk}),
    "paper-list": Line(DISTRICT | {"township"}),
    "paper-create": Line(frozenset({"staff"}), lambda things: {**issue(things), "kind": "notice"}),
    "paper": Line(DISTRICT | {"township"}, lambda things: {"paper_id": things.paper.pk}),
    "paper-word": Line(DISTRICT | {"township"}, lambda things: {"paper_id": things.paper.pk}),
    "paper-act": Line(frozenset({"staff"}), lambda things: {"paper_id": things.paper.pk, "act": "edit"}, "post"),
    "paper-registers": Line(frozenset({"staff"})),
    "paper-registers-act": Line(frozenset({"staff"}), lambda things: {"act": "supervisor"}, "post"),
    "subissues": Line(CASEWORK, issue),
    "subissue-act": Line(frozenset({"staff", "township"}), lambda things: {**issue(things), "act": "register"}, "post"),
    "category-list": Line(frozenset({"staff"})),
    "category-edit": Line(frozenset({"staff"}), lambda things: {"code": "dues_refund"}),
    "visit-list": Line(FIELD),
    "visit-detail": Line(FIELD, visit),
    "visit-create": Line(frozenset({"cadre"})),
    "visit-picker": Line(frozenset({"cadre"})),
    "visit-checklist": Line(frozenset({"cadre"})),
    # The sample's visit is no stay: it has no days.
    "visit-day": Line(frozenset({"cadre"}), lambda things: {**visit(things), "day": clock.today()}, empty=True),
    "activity-visits": Line(frozenset({"staff", "cadre"}), activity),
    "checklist-list": Line(frozenset({"staff"})),
    "checklist-create": Line(frozenset({"staff"})),
    "checklist": Line(frozenset({"staff"}), lambda things: {"code": "safety"}),
    "checklist-act": Line(frozenset({"staff"}), lambda things: {"code": "safety", "act": "stop"}, "post"),
    "checklist-draft": Line(frozenset({"staff"}), lambda things: {"code": "safety"}),
    "checklist-version": Line(frozenset({"staff"}), lambda things: {"code": "safety", "number": 1}),
    "visit-offline": Line(ANYBODY),
    "visit-offline-data": Line(frozenset({"cadre", "staff", "keeper"})),
    "visit-outbox": Line(ANYBODY),
    "no-network": Line(ANYBODY),
    "manifest": Line(ANYBODY),
    "service-worker": Line(ANYBODY),
    "coverage": Line(FIELD),
    "visit-edit": Line(frozenset({"cadre"}), visit),
    "plan": Line(FIELD),
    "plan-add": Line(frozenset({"cadre"})),
    "plan-carry": Line(frozenset({"cadre"}), method="post"),
    "planned-visit": Line(frozenset({"cadre"}), planned_visit),
    "planned-visit-remove": Line(frozenset({"cadre"}), planned_visit, "post"),
    "own-calendar": Line(FIELD),
    "calendar-feed": Line(FIELD),
    "calendar-ics": Line(ANYBODY, lambda things: {"token": things.feed_token}),
    "evaluations": Line(CASEWORK),
    "evaluation-new": Line(frozenset({"staff"}), method="post"),
    "evaluation": Line(CASEWORK, evaluation),
    "evaluation-act": Line(frozenset({"staff"}), lambda things: evaluation(things, act="dates"), "post"),
    "evaluation-cadre": Line(
        DISTRICT | {"cadre"}, lambda things: evaluation(things, key=things.people["cadre"].username)
    ),
    "evaluation-township": Line(
        DISTRICT | {"township"}, lambda things: evaluation(things, key=things.enterprise.township.code)
    ),
    "evaluation-weights": Line(frozenset({"staff"}), lambda things: evaluation(things, subject="cadre")),
    "evaluation-criteria": Line(frozenset({"staff"}), lambda things: evaluation(things, kind="research")),
    "evaluation-nominations": Line(CASEWORK, evaluation),
    "evaluation-nominate": Line(frozenset({"cadre", "township"}), lambda things: evaluation(things, kind="proposal")),
    "evaluation-nomination": Line(FIELD, nomination),
    "evaluation-nomination-edit": Line(frozenset({"cadre", "township"}), nomination),
    "evaluation-nomination-file": Line(
        FIELD, lambda things: nomination(things, file_id=things.nomination.files.get().pk)
    ),
    "evaluation-nomination-act": Line(frozenset({"staff"}), lambda things: nomination(things, act="refuse"), "post"),
    "evaluation-reviewers": Line(frozenset({"staff"}), evaluation),
    "evaluation-reviewers-act": Line(frozenset({"staff"}), lambda things: evaluation(things, act="add"), "post"),
    # Of those the ones named for the year, and nobody is; looked at by the browser test.
    "evaluation-reviews": Line(CASEWORK, evaluation, empty=True),
    "evaluation-review": Line(CASEWORK, lambda things: evaluation(things, number=1), empty=True),
    "evaluation-review-act": Line(
        CASEWORK, lambda things: evaluation(things, number=1, act="recuse"), "post", empty=True
    ),
    "evaluation-review-file": Line(CASEWORK, lambda things: evaluation(things, number=1, position=1), empty=True),
    "evaluation-results": Line(CASEWORK, evaluation),
    "evaluation-award": Line(frozenset({"staff"}), nomination, "post", empty=True),
    "evaluation-revoke": Line(DISTRICT, nomination, "post", empty=True),
    "evaluation-certificates": Line(CASEWORK, evaluation, empty=True),
    "evaluation-certificate": Line(CASEWORK, lambda things: evaluation(things, author_id=0), empty=True),
    "meeting-list": Line(FIELD),
    "meeting-create": Line(DISTRICT),
    "meeting": Line(FIELD, meeting),
    "meeting-act": Line(DISTRICT, lambda things: {**meeting(things), "act": "close"}, "post"),
    "meeting-agenda-order": Line(DISTRICT, lambda things: {**agenda_item(things), "step": "up"}, "post"),
    "meeting-attendance": Line(DISTRICT, meeting),
    "meeting-run": Line(DISTRICT, meeting),
    "meeting-run-item": Line(DISTRICT, agenda_item),
    "meeting-run-act": Line(DISTRICT, lambda things: {**agenda_item(things), "act": "record"}, "post"),
    "meeting-word": Line(FIELD, meeting),
    "meeting-groups": Line(frozenset({"staff"})),
    "meeting-groups-act": Line(frozenset({"staff"}), lambda things: {"act": "new"}, "post"),
    "meeting-group": Line(frozenset({"staff"}), meeting_group),
    "meeting-group-act": Line(frozenset({"staff"}), lambda things: {**meeting_group(things), "act": "join"}, "post"),
    "meeting-tasks": Line(CASEWORK),
    # The department's task: its handler, and the district.
    "meeting-task": Line(DISTRICT | {"handler"}, meeting_task),
    "meeting-task-act": Line(DISTRICT | {"handler"}, lambda things: {**meeting_task(things), "act": "report"}, "post"),
    "analysis-list": Line(FIELD),
    "analysis": Line(FIELD, analysis),
    "analysis-word": Line(FIELD, analysis, empty=True),
    "analysis-quarter-word": Line(FIELD, this_quarter, empty=True),
    "analysis-reopen": Line(frozenset({"staff"}), analysis, "post", empty=True),
    "reflection-own": Line(frozenset({"cadre"}), this_quarter),
    "reflection": Line(DISTRICT | {"cadre"}, reflection),
    "reflection-act": Line(DISTRICT | {"cadre"}, lambda things: {**reflection(things), "act": "comment"}),
    "practice-list": Line(CASEWORK),
    "practice-create": Line(FIELD),
    "practice-recommend": Line(FIELD, method="post", empty=True),
    "practice": Line(CASEWORK, practice),
    "practice-edit": Line(frozenset({"staff"}), practice),
    "practice-mark": Line(CASEWORK, practice, "post"),
    "practice-file": Line(CASEWORK, lambda things: {**practice(things), "file_id": things.practice.files.get().pk}),
    "practice-act": Line(CASEWORK, lambda things: {**practice(things), "act": "withdraw"}),
    "journal-list": Line(FIELD),
    "dashboard": Line(DISTRICT | {"township"}),
    "dashboard-categories": Line(DISTRICT | {"township"}),
    "dashboard-units": Line(DISTRICT | {"township"}),
    "dashboard-overdue": Line(DISTRICT | {"township"}),
    "dashboard-visits": Line(DISTRICT | {"township"}),
    "dashboard-stations": Line(DISTRICT | {"township"}),
    "dashboard-hardship": Line(DISTRICT | {"township"}),
    "dashboard-hardship-rows": Line(DISTRICT | {"township"}, options={"data": {"measure": "in_force"}}),
    "dashboard-station-rows": Line(DISTRICT | {"township"}, options={"data": {"measure": "events"}}),
    "dashboard-wall": Line(DISTRICT | {"township"}),
    "figure-rows": Line(FIELD, options={"data": {"measure": "received", "period": "month", "start": "2024-09-01"}}),
    "workbench-queue": Line(frozenset({"staff", "township"}), lambda things: {"key": "to_assign"}),
    "figures": Line(CASEWORK),
    "figure-state": Line(DISTRICT),
    "figure-past": Line(DISTRICT | {"township"}),
    "figure-units": Line(DISTRICT | {"township"}),
    "figure-cadres": Line(DISTRICT | {"cadre"}),
    "figure-weeks": Line(DISTRICT | {"cadre"}, lambda things: {"pk": things.people["cadre"].pk}),
    "figure-unit-weeks": Line(DISTRICT, lambda things: {"code": "330602006"}),
    "report-list": Line(DISTRICT),
    "frozen-months": Line(DISTRICT),
    "frozen-month": Line(DISTRICT, lambda things: {"year": 1990, "month": 1}, empty=True),
    "frozen-revision": Line(DISTRICT, lambda things: {"year": 1990, "month": 1, "revision": 1}, empty=True),
    "annual-report": Line(DISTRICT, lambda things: {"year": 1990, "file_format": "docx"}, empty=True),
    "kept-report": Line(DISTRICT, lambda things: {"report_id": uuid4()}, empty=True),
    "kept-report-row": Line(DISTRICT, lambda things: {"report_id": uuid4()}, empty=True),
    "kept-report-file": Line(DISTRICT, lambda things: {"report_id": uuid4()}, empty=True),
    "kept-report-cancel": Line(DISTRICT, lambda things: {"report_id": uuid4()}, "post", empty=True),
    "report-templates": Line(frozenset({"staff"})),
    "report-template": Line(frozenset({"staff"}), lambda things: {"kind": "annual"}),
    "report-template-use": Line(frozenset({"staff"}), lambda things: {"kind": "annual", "version": 0}, "post"),
    "report-template-file": Line(frozenset({"staff"}), lambda things: {"kind": "annual", "version": 0}),
    "calendar": Line(PARAMETERS),
    "calendar-year": Line(PARAMETERS, lambda things: {"year": 2024}),
    "calendar-edit": Line(frozenset({"sysadmin"}), lambda things: {"year": 2024}),
    "calendar-clear": Line(frozenset({"sysadmin"}), lambda things: {"year": 2024}, "post", empty=True),
    "audit": Line(frozenset({"auditor"})),
    # Signing for it: only the holder.
    "issue-move": Line(frozenset({"handler"}), lambda things: {**issue(things), "action": "accept"}, "post"),
    # The sample's journal is not handed in yet: a township does not see it.
    "journal-detail": Line(DISTRICT | {"cadre"}, lambda things: {"journal_id": things.visit.journal_id}),
    "journal-act": Line(
        frozenset({"cadre"}), lambda things: {"journal_id": things.visit.journal_id, "act": "remark"}, "post"
    ),
    "journal-word": Line(DISTRICT | {"cadre"}, lambda things: {"journal_id": things.visit.journal_id}),
    "journal-month-word": Line(FIELD, options={"data": {"month": "2020-01"}}, empty=True),
    "journal-week": Line(frozenset({"cadre"}), lambda things: {"year": 2024, "week": 37}),
    "visit-photo": Line(FIELD, lambda things: {**visit(things), "photo_id": things.visit.photos.get().pk}),
    "visit-photo-forget": Line(
        frozenset({"cadre"}), lambda things: {**visit(things), "photo_id": things.visit.photos.get().pk}, "post"
    ),
    "api-schema": Line(EVERYBODY),
    "api-me-list": Line(EVERYBODY),
    "api-unit-list": Line(EVERYBODY),
    "api-unit-detail": Line(EVERYBODY, unit),
    "api-checklist-list": Line(FIELD),
    "api-station-event-list": Line(FIELD | {"keeper"}),
    "api-station-event-detail": Line(FIELD | {"keeper"}, station_event),
    "api-station-event-hold": Line(SERVING, station_event, "post"),
    "api-station-event-correct": Line(SERVING, station_event, "post"),
    "api-station-event-cancel": Line(SERVING, station_event, "post"),
    "api-visit-list": Line(FIELD),
    "api-visit-detail": Line(FIELD, lambda things: {"pk": things.visit.pk}),
    "api-visit-photos": Line(frozenset({"cadre"}), lambda things: {"pk": things.visit.pk}, "post"),
    "api-export-list": Line(DISTRICT | {"township"}),
    "api-export-detail": Line(frozenset({"staff"}), lambda things: {"pk": things.export.pk}),
    "api-export-download": Line(frozenset({"staff"}), lambda things: {"pk": things.export.pk}),
    "api-export-cancel": Line(frozenset({"staff"}), lambda things: {"pk": things.export.pk}, "post"),
    "api-import-list": Line(frozenset({"staff", "township", "aid"})),
    "api-import-detail": Line(frozenset({"staff"}), lambda things: {"pk": things.check.pk}),
    "api-import-report": Line(frozenset({"staff"}), lambda things: {"pk": things.check.pk}),
    "api-import-confirm": Line(frozenset({"staff"}), lambda things: {"pk": things.check.pk}, "post"),
    "api-import-cancel": Line(frozenset({"staff"}), lambda things: {"pk": things.check.pk}, "post"),
    "care": Line(STATIONS),
    "station-check-form": Line(ANYBODY),  # a kept page, nobody's
    "station-check-list": Line(STATIONS),
    "station-check": Line(STATIONS, station_check),
    "station-check-act": Line(
        frozenset({"staff", "township"}), lambda things: {**station_check(things), "act": "review"}, "post"
    ),
    "station-check-photo": Line(
        STATIONS, lambda things: {**station_check(things), "photo_id": things.care.check_photo.pk}
    ),
    "spot-check-list": Line(DISTRICT | {"cadre"}),
    "spot-draw-create": Line(frozenset({"staff"})),
    "spot-draw": Line(DISTRICT, this_quarter),
    "repair-list": Line(STATIONS),
    "repair-create": Line(frozenset({"staff", "cadre", "township", "keeper"})),
    "repair": Line(STATIONS, repair),
    "repair-act": Line(frozenset({"staff", "township"}), lambda things: {**repair(things), "act": "verify"}, "post"),
    "repair-photo": Line(STATIONS, lambda things: {**repair(things), "photo_id": things.care.repair_photo.pk}),
    "supply-warnings": Line(STATIONS),
    "supplies": Line(STATIONS, station),
    "supplies-act": Line(
        frozenset({"staff", "township", "keeper"}), lambda things: {**station(things), "act": "add"}, "post"
    ),
    "stars": Line(BUILDING, lambda things: {"year": clock.today().year}),
    "stars-of": Line(BUILDING, year_stars),
    "stars-act": Line(frozenset({"staff"}), lambda things: {**year_stars(things), "act": "decide"}, "post"),
    "building": Line(BUILDING),
    "build-plan": Line(frozenset({"staff"}), lambda things: {"year": clock.today().year, "unit": "330602"}),
    "build-project-create": Line(frozenset({"staff", "township"})),
    "build-project": Line(BUILDING, build_project),
    "build-project-edit": Line(frozenset({"staff", "township"}), build_project),
    "build-project-accept": Line(frozenset({"staff"}), build_project),
    "build-project-photo": Line(
        BUILDING, lambda things: {**build_project(things), "photo_id": things.care.project_photo.pk}
    ),
    "build-project-act": Line(
        frozenset({"staff", "township"}), lambda things: {**build_project(things), "act": "money"}, "post"
    ),
    "api-station-check-list": Line(STATIONS),
    "api-station-check-detail": Line(STATIONS, lambda things: {"pk": things.care.check.pk}),
    "api-station-check-photos": Line(
        frozenset({"staff", "cadre", "keeper"}), lambda things: {"pk": things.care.check.pk}, "post"
    ),
    "api-station-list": Line(STATIONS),
    "api-station-detail": Line(STATIONS, station),
    "api-issue-list": Line(CASEWORK),
    "api-issue-detail": Line(CASEWORK, issue),
    "api-issue-move": Line(frozenset({"handler"}), lambda things: {**issue(things), "move": "accept"}, "post"),
    "api-figure-list": Line(CASEWORK),
    "api-rollup-list": Line(DISTRICT | {"township"}),
    "api-rollup-rows": Line(
        DISTRICT | {"township"},
        options={"data": {"measure": "received", "period": "month", "start": "2024-09-01", "unit": "330602006"}},
    ),
    "api-hardship-lead-list": Line(LEADS),
    "api-hardship-lead-detail": Line(LEADS, hardship_lead),
    "api-hardship-file-list": Line(HARDSHIP),
    "api-hardship-file-detail": Line(HARDSHIP, hardship_file),
    "api-enterprise-list": Line(FIELD),
    "api-enterprise-detail": Line(FIELD, enterprise),
}
