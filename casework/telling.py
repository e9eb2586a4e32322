"""Who is told what of an issue's steps, as data. Source: docs/domain.md, "Notifications"."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.urls import reverse

from casework.models import Consultation, ConsultationTask, InternalNote, Issue, IssueEvent, Mediation, Watcher
from casework.people import can_see
from casework.workflow import ACTION_LABELS, IN_HAND_STATES, State
from unionportal.core.accounts.models import Posting, RoleGrant
from unionportal.core.accounts.selectors import stand_ins
from unionportal.core.common import clock
from unionportal.core.common.formats import zh_short
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.spelled import Spelled
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, is_silent, tell
from unionportal.core.orgs.models import Unit


class Ear(StrEnum):
    """How somebody told of a step stands to the issue."""

    HOLDER = "holder"  # everybody who acts for the unit that holds it now
    STAFF = "staff"
    LEADER = "leader"
    TOWNSHIP = "township"
    CADRE = "cadre"  # posted to its township or enterprise today
    REGISTRAR = "registrar"
    WATCHER = "watcher"


#: After these somebody else owes the next step than before, and hears so: whoever `owing` names.
PASSING_ON = frozenset(
    {"register", "assign", "transfer", "send_back", "report", "follow_up", "redo", "reopen", "split"}
)
#: Step -> who else is told, as what. A step not listed is told to watchers as progress.
TOLD: dict[str, dict[Ear, Kind]] = {
    "register": {},  # nobody watches what was not there before
    "assign": {Ear.REGISTRAR: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "transfer": {Ear.REGISTRAR: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "accept": {Ear.REGISTRAR: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "report": {Ear.REGISTRAR: Kind.TODO, Ear.WATCHER: Kind.PROGRESS},
    "follow_up": {Ear.HOLDER: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "redo": {Ear.REGISTRAR: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "send_back": {Ear.REGISTRAR: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "close": {Ear.HOLDER: Kind.PROGRESS, Ear.REGISTRAR: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "reject": {Ear.REGISTRAR: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "reopen": {Ear.REGISTRAR: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "void": {Ear.HOLDER: Kind.PROGRESS, Ear.REGISTRAR: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "extend": {Ear.STAFF: Kind.TODO, Ear.WATCHER: Kind.PROGRESS},
    "approve_extension": {Ear.HOLDER: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "refuse_extension": {Ear.HOLDER: Kind.PROGRESS, Ear.WATCHER: Kind.PROGRESS},
    "remind": {Ear.HOLDER: Kind.URGE, Ear.WATCHER: Kind.PROGRESS},
    "supervise": {Ear.HOLDER: Kind.URGE, Ear.STAFF: Kind.URGE, Ear.WATCHER: Kind.PROGRESS},
    "escalate": {
        Ear.HOLDER: Kind.URGE,
        Ear.STAFF: Kind.URGE,
        Ear.LEADER: Kind.URGE,
        Ear.WATCHER: Kind.PROGRESS,
    },
}
OTHERWISE: dict[Ear, Kind] = {Ear.WATCHER: Kind.PROGRESS}
#: Once it is answered the holder owes nothing: what is urged is the follow-up, which cadres and staff owe, and then the close.
URGING = frozenset({"remind", "supervise"})
FOLLOW_UP_OWED: dict[Ear, Kind] = {Ear.CADRE: Kind.URGE, Ear.STAFF: Kind.URGE, Ear.WATCHER: Kind.PROGRESS}
CLOSE_OWED: dict[Ear, Kind] = {Ear.STAFF: Kind.URGE, Ear.WATCHER: Kind.PROGRESS}


def ears_of_step(action: str, state: str, *, followed_up: bool = False) -> dict[Ear, Kind]:
    """Who hears of a step that left the issue in that state, as what."""
    if state == State.ANSWERED and action in URGING:
        return CLOSE_OWED if followed_up else FOLLOW_UP_OWED
    told = TOLD.get(action, OTHERWISE)
    return told | dict.fromkeys(owing(state, followed_up=followed_up), Kind.TODO) if action in PASSING_ON else told


def owing(state: str, *, followed_up: bool) -> tuple[Ear, ...]:
    """Who owes the next step of an issue in this state: those in whose 待我办理 it stands."""
    if state == State.REGISTERED:
        return (Ear.STAFF, Ear.TOWNSHIP)
    if state in IN_HAND_STATES:
        return (Ear.HOLDER,)
    if state == State.ANSWERED:
        return (Ear.STAFF,) if followed_up else (Ear.CADRE,)
    return ()


def tell_of_step(issue: Issue, event: IssueEvent, actor: Scope) -> None:
    """Write the lines a step gives rise to, in its transaction. Whoever made it is not told."""
    if is_silent():
        return
    ears = ears_of_step(event.action, event.to_state, followed_up=issue.followed_up_on is not None)
    people = [each for each in _hearing(issue, ears) if each.user_id != actor.user_id]
    tell(
        people,
        text=_words(issue, event),
        url=reverse("issue-detail", args=[issue.code]),
        source=f"issue:{issue.code}:{event.seq}",
    )


def tell_of_mentions(note: InternalNote) -> None:
    """Whom a note asks to look, and the other watchers of the issue."""
    issue = note.issue
    told = [Told(user, Kind.MENTION) for user in note.mentioned.values_list("user_id", flat=True)]
    told += _watchers(issue, Kind.PROGRESS)
    tell(
        [each for each in told if each.user_id != note.author_id],
        text=f"{note.author.display_name}在诉求 {issue.code}（{_place(issue)}）写了批注",
        url=f"{reverse('issue-detail', args=[issue.code])}#notes",
        source=f"note:{note.pk}",
    )


def tell_of_mediation(mediation: Mediation, actor: Scope) -> None:
    """The people of the unit that is asked to mediate; whoever wrote the application down knows."""
    _to_do(
        _acting_for([mediation.organisation_id]),
        actor,
        text=f"调解 {mediation.number}（{_place(mediation.issue)}）待受理，{zh_short(mediation.due_on)}前结束",
        url=reverse("mediation", args=[mediation.number]),
        source=f"mediation:{mediation.number}:1",
    )


#: Roles that act for their unit.
_ACTS_FOR = (Role.HANDLER, Role.TOWNSHIP)


def tell_of_mediation_clock(mediation: Mediation, *, late: bool, now: datetime) -> None:
    """Whoever mediates and staff: the last day is near, or has passed."""
    acting = RoleGrant.objects.filter(
        Q(role=Role.STAFF) | Q(role__in=_ACTS_FOR, unit_id=mediation.organisation_id),
        user__is_active=True,
    )
    day = zh_short(mediation.due_on)
    words = f"已于{day}逾期，请写明结果" if late else f"{day}到期，请抓紧调解或办理延期"
    tell(
        [Told(user, Kind.URGE) for user in acting.values_list("user_id", flat=True).distinct()],
        text=f"调解 {mediation.number}（{_place(mediation.issue)}）{words}",
        url=reverse("mediation", args=[mediation.number]),
        source=f"mediation:{mediation.number}:{'late' if late else 'soon'}:{mediation.due_on}",
        now=now,
    )


def tell_of_consultation(consultation: Consultation, units: Sequence[Unit], actor: Scope) -> None:
    """The people of the units that are asked for an opinion; bodies outside the portal are asked by people."""
    issue = consultation.issue
    in_time = consultation.due_on >= clock.today()  # who joins late is asked when the day has passed
    by = f"{zh_short(consultation.due_on)}前提出意见" if in_time else "请尽快提出意见"
    _to_do(
        _acting_for([unit.pk for unit in units]),
        actor,
        text=f"诉求 {issue.code}（{_place(issue)}）请你单位会诊，{by}",
        url=reverse("consultation", args=[consultation.pk]),
        source=f"consultation:{consultation.pk}:{consultation.version}",
    )


def tell_of_task(task: ConsultationTask, issue: Issue, actor: Scope) -> None:
    """Whose task it is: the person named for it, else everybody who acts for the unit."""
    _to_do(
        _acting_for([task.unit_id]) if task.person_id is None else [task.person_id],
        actor,
        text=f"诉求 {issue.code}（{_place(issue)}）有会诊任务待完成，{zh_short(task.due_on)}前",
        url=reverse("consultation", args=[task.consultation_id]),
        source=f"consultation-task:{task.pk}:1",
    )


def _acting_for(units: Sequence[int]) -> QuerySet[RoleGrant, int]:
    """Everybody who acts for one of the units; asked only when it is looked through."""
    grants = RoleGrant.objects.filter(unit_id__in=units, role__in=_ACTS_FOR, user__is_active=True)
    return grants.values_list("user_id", flat=True).distinct()


def _to_do(people: Iterable[int], actor: Scope, *, text: str, url: str, source: str) -> None:
    """It waits for these people now; whoever asked knows."""
    if is_silent():
        return
    tell([Told(user, Kind.TODO) for user in people if user != actor.user_id], text=text, url=url, source=source)


def _words(issue: Issue, event: IssueEvent) -> str:
    label = ACTION_LABELS.get(event.action, event.action)
    due = f"，{zh_short(issue.due_on)}前反馈" if event.action in ("assign", "redo", "reopen") and issue.due_on else ""
    to = f"至{issue.holder}" if event.action in ("assign", "transfer", "send_back") and issue.holder else ""
    return f"诉求 {issue.code}（{_place(issue)}）{label}{to}{due}"


def _place(issue: Issue) -> str:
    return f"{issue.category.name} · {issue.township}"


def _hearing(issue: Issue, ears: dict[Ear, Kind]) -> list[Told]:
    """The people behind the ears: a query each for roles, postings, those who stand in, and watchers, where asked."""
    told = _by_role(issue, ears)
    if Ear.REGISTRAR in ears and issue.registered_by_id is not None:
        told.append(Told(issue.registered_by_id, ears[Ear.REGISTRAR]))
    if Ear.CADRE in ears:
        place = Q(township_id=issue.township_id)
        if issue.enterprise_id is not None:
            place |= Q(enterprise_id=issue.enterprise_id)
        today = clock.today()
        postings = Posting.objects.filter(place, cadre__is_active=True).in_force(today)
        cadres = list(postings.values_list("cadre_id", flat=True))
        told += [Told(user, ears[Ear.CADRE]) for user in cadres]
        told += [Told(row.substitute_id, ears[Ear.CADRE]) for row in stand_ins(cadres, today).values()]
    if Ear.WATCHER in ears:
        told += _watchers(issue, ears[Ear.WATCHER])
    return told


_ACTING = Spelled(
    lambda township, holder: RoleGrant.objects.filter(
        Q(role__in=(Role.STAFF, Role.LEADER))
        | Q(role=Role.TOWNSHIP, unit_id=township)
        | Q(role__in=(Role.HANDLER, Role.TOWNSHIP), unit_id=holder),
        user__is_active=True,
    ).values_list("user_id", "role", "unit_id"),
    township=-1,
    holder=-2,
)


def _by_role(issue: Issue, ears: dict[Ear, Kind]) -> list[Told]:
    if ears.keys().isdisjoint({Ear.STAFF, Ear.LEADER, Ear.TOWNSHIP, Ear.HOLDER}):
        return []
    grants = _ACTING.rows(township=issue.township_id, holder=issue.holder_id)
    return [Told(user, ears[ear]) for user, role, unit in grants for ear in _ears_of(issue, role, unit) if ear in ears]


def _ears_of(issue: Issue, role: str, unit: int) -> Iterable[Ear]:
    if role == Role.STAFF:
        yield Ear.STAFF
    if role == Role.LEADER:
        yield Ear.LEADER
    if role == Role.TOWNSHIP and unit == issue.township_id:
        yield Ear.TOWNSHIP
    if role in (Role.HANDLER, Role.TOWNSHIP) and unit == issue.holder_id:
        yield Ear.HOLDER


def _watchers(issue: Issue, kind: Kind) -> list[Told]:
    """Those who watch and can still see it."""
    rows = Watcher.objects.filter(issue=issue, user__is_active=True).select_related("user")
    return [Told(row.user_id, kind) for row in rows if can_see(row.user, issue)]
