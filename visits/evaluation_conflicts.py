"""Conflicts of interest of reviewers, found from who wrote a nomination and where people work. Source: docs/domain.md, "Annual evaluation"."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from unionportal.core.accounts.models import Posting, RoleGrant
from unionportal.core.common.scope import Role
from visits.models import EvaluationRound, Nomination, Recusal, Reviewer

Ground = Recusal.Ground


@dataclass(frozen=True, slots=True)
class Conflict:
    """A reviewer who must not score a nomination."""

    nomination: Nomination
    reviewer: Reviewer
    ground: str


def conflicts(
    found: EvaluationRound, nominations: Collection[Nomination], reviewers: Collection[Reviewer]
) -> Iterator[Conflict]:
    """Every pair that must be kept apart. `nominations` with their authors prefetched. Two queries for any number."""
    people = {reviewer.user_id for reviewer in reviewers}
    writers = {each.pk: {a.user_id for a in each.authors.all()} | {each.submitted_by_id} for each in nominations}
    places = places_of(people.union(*writers.values()), found.year)
    for each in nominations:
        theirs = set().union(*(places[user] for user in writers[each.pk])) | ({each.unit_id} if each.unit_id else set())
        for reviewer in reviewers:
            if reviewer.user_id in writers[each.pk]:
                yield Conflict(each, reviewer, Ground.AUTHOR)
            elif places[reviewer.user_id] & theirs:
                yield Conflict(each, reviewer, Ground.UNIT)


def places_of(users: Collection[int], year: int) -> defaultdict[int, set[int]]:
    """User -> units they act for, and townships they were posted to (or to an enterprise of) in the year or since.

    The district itself is nobody's place here: every cadre is of it, and nobody could review anything.
    """
    found: defaultdict[int, set[int]] = defaultdict(set)
    grants = RoleGrant.objects.filter(user__in=users, role__in=[Role.TOWNSHIP, Role.HANDLER])
    for user, unit in grants.values_list("user_id", "unit_id"):
        found[user].add(unit)
    postings = Posting.objects.filter(Q(end_on=None) | Q(end_on__gte=date(year, 1, 1)), cadre__in=users)
    for user, township, of_enterprise in postings.values_list("cadre_id", "township_id", "enterprise__township_id"):
        found[user].add(township or of_enterprise)
    return found
