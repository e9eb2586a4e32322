"""Which rule speaks for an issue, what is wrong with rules, and what a rule would have done. Reads only. Source: docs/domain.md, "Routing"."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from casework.models import Issue, IssueEvent, RoutingRule
from unionportal.core.accounts.models import RoleGrant, User
from unionportal.core.common.scope import Role
from unionportal.core.common.spelled import Spelled, columns
from unionportal.core.orgs.models import Unit

#: Past issues a rule is tried out on.
TRIED_ON = 200
Kind = RoutingRule.EnterpriseKind
_RULES = Spelled(lambda: _in_force().values_list(*columns(RoutingRule)))


@dataclass(frozen=True, slots=True)
class Facts:
    """What rules look at. `after_id`: the unit that has just sent the issue back, if one has."""

    category_id: int
    township_id: int
    is_key: bool
    after_id: int | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the rules say for an issue. `problem`: why that cannot be done, in words for staff; then nothing is preselected."""

    rule: RoutingRule
    problem: str = ""

    @property
    def unit(self) -> Unit:
        return self.rule.unit

    @property
    def person(self) -> User | None:
        return self.rule.person


def suggestion_for(issue: Issue) -> Suggestion | None:
    """The rule that speaks for an issue waiting to be assigned; None where none does."""
    facts = Facts(
        issue.category_id,
        issue.township_id,
        issue.enterprise is not None and issue.enterprise.is_key,
        _just_sent_back_by(issue),
    )
    rule = chosen(_RULES.objects(RoutingRule), facts)  # what one of them points to is read if it is the one
    if rule is None:
        return None
    if facts.after_id == rule.unit_id:
        return Suggestion(rule, f"规则“{rule}”指向{rule.unit}，但它刚退回了这条诉求。")
    return Suggestion(rule, problem_of(rule))


def person_for(issue: Issue, unit: Unit | None) -> User | None:
    """The person the rules name for a unit an issue is assigned to; None where they name nobody for that unit."""
    found = suggestion_for(issue) if unit is not None else None
    return found.person if found and not found.problem and unit and found.unit.pk == unit.pk else None


def active_rules() -> list[RoutingRule]:
    """All rules in force, with what they point to."""
    return list(_in_force().select_related("category", "township", "after", "unit", "person"))


def _in_force() -> QuerySet[RoutingRule]:
    return RoutingRule.objects.filter(is_active=True).order_by("position", "id")


def chosen(rules: Iterable[RoutingRule], facts: Facts) -> RoutingRule | None:
    """The rule that holds: those for what was just sent back first, then by position, then the one that says most."""
    fitting = [rule for rule in rules if fits(rule, facts)]
    return min(fitting, key=lambda r: (r.after_id is None, r.position, -r.specificity, r.pk or 0), default=None)


def fits(rule: RoutingRule, facts: Facts) -> bool:
    """Whether the rule speaks of such an issue."""
    return (
        rule.category_id in (None, facts.category_id)
        and rule.township_id in (None, facts.township_id)
        and rule.enterprise_kind in (Kind.ANY, Kind.KEY if facts.is_key else Kind.OTHER)
        and rule.after_id in (None, facts.after_id)
    )


def problem_of(rule: RoutingRule) -> str:
    """What keeps a rule from being followed; "" where nothing does."""
    if not rule.unit.is_active:
        return f"规则“{rule}”指向的{rule.unit}已停用，请修改规则。"
    if rule.person is not None and not acts_for(rule.person, rule.unit):
        return f"规则“{rule}”指定的{rule.person.display_name}已不在{rule.unit}，请修改规则。"
    return ""


def broken_rules() -> list[tuple[RoutingRule, str]]:
    """Rules in force that cannot be followed, each with why: shown to staff until they are mended."""
    return [(rule, problem) for rule in active_rules() if (problem := problem_of(rule))]


def acts_for(person: User, unit: Unit) -> bool:
    """Whether the person may handle issues of the unit today."""
    grants = RoleGrant.objects.filter(user=person, unit=unit, role__in=(Role.HANDLER, Role.TOWNSHIP))
    return person.is_active and grants.exists()


def _just_sent_back_by(issue: Issue) -> int | None:
    if not issue.bounce_count:
        return None
    last = list(issue.events.order_by("-seq").values_list("action", "unit_id")[:8])
    for number, (action, _) in enumerate(last[:-1]):
        if action == "send_back":
            return last[number + 1][1]
    return None


def loop_of(draft: RoutingRule, others: Iterable[RoutingRule]) -> list[RoutingRule]:
    """The rules along which an issue would come back to the unit that sent it back; [] where it would not.

    Rules of different categories, townships or kinds of enterprise never meet on one issue, so they make no loop together.
    """
    if draft.after_id is None:
        return []
    edges = [rule for rule in others if rule.after_id is not None and rule.pk != draft.pk]

    def walk(path: list[RoutingRule]) -> list[RoutingRule]:
        for rule in edges:
            if rule.after_id != path[-1].unit_id or rule in path or not all(_can_meet(rule, seen) for seen in path):
                continue
            longer = [*path, rule]
            if rule.unit_id == draft.after_id:
                return longer
            if found := walk(longer):
                return found
        return []

    return walk([draft])


def _can_meet(one: RoutingRule, other: RoutingRule) -> bool:
    return (
        (None in (one.category_id, other.category_id) or one.category_id == other.category_id)
        and (None in (one.township_id, other.township_id) or one.township_id == other.township_id)
        and (Kind.ANY in (one.enterprise_kind, other.enterprise_kind) or one.enterprise_kind == other.enterprise_kind)
    )


@dataclass(frozen=True, slots=True)
class Tried:
    """What a rule would have done with one past issue, beside what was done."""

    issue: Issue
    went: Unit | None
    same: bool


@dataclass(frozen=True, slots=True)
class TryOut:
    """A rule tried on past issues: those it would have spoken for."""

    looked_at: int
    rows: Sequence[Tried]

    @property
    def same(self) -> int:
        return sum(row.same for row in self.rows)

    @property
    def different(self) -> int:
        return sum(not row.same and row.went is not None for row in self.rows)


def try_out(draft: RoutingRule, *, size: int = TRIED_ON) -> TryOut:
    """The draft among the rules in force, on the issues registered last: where it would send them, where they went."""
    rules = [rule for rule in active_rules() if rule.pk != draft.pk] + [draft]
    issues = list(
        Issue.objects.counted()
        .select_related("enterprise", "township", "category")
        .defer("description", "search_tokens")
        .order_by("-received_on", "-pk")[:size]
    )
    ways = _ways(issues)
    rows = []
    for issue in issues:
        for after_id, went in ways[issue.pk] or [(None, None)]:
            facts = Facts(
                issue.category_id, issue.township_id, issue.enterprise is not None and issue.enterprise.is_key, after_id
            )
            if chosen(rules, facts) is draft:
                rows.append(Tried(issue, went, went is not None and went.pk == draft.unit_id))
    return TryOut(len(issues), rows)


def _ways(issues: Sequence[Issue]) -> dict[int, list[tuple[int | None, Unit | None]]]:
    """Issue -> each time it was assigned: the unit that had sent it back before (None the first time), and the unit it went to."""
    found: dict[int, list[tuple[int | None, Unit | None]]] = defaultdict(list)
    held: dict[int, int | None] = {}
    sender: dict[int, int | None] = {}
    events = IssueEvent.objects.filter(issue__in=issues).select_related("unit").order_by("issue_id", "seq")
    for event in events:
        if event.action == "send_back":
            sender[event.issue_id] = held.get(event.issue_id)
        elif event.action == "assign":
            found[event.issue_id].append((sender.get(event.issue_id), event.unit))
        held[event.issue_id] = event.unit_id
    return found
