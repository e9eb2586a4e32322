"""Reads about people and postings for other apps."""

from collections.abc import Iterable
from datetime import date

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from unionportal.core.accounts.models import ApiToken, Posting, RoleGrant, Substitution, User
from unionportal.core.common.scope import Scope
from unionportal.core.common.spelled import Spelled


def posted_scope(cadre_id: int, on: date) -> tuple[frozenset[int], frozenset[int]]:
    """Ids of the townships and of the single enterprises a cadre answers for on a day, as a substitute too."""
    rows = list(Posting.objects.answered_by(cadre_id, on).values_list("township_id", "enterprise_id"))
    return frozenset(t for t, _ in rows if t), frozenset(e for _, e in rows if e)


_POSTED = Spelled(
    lambda cadre_id, on, township_id, enterprise_id: (
        Posting.objects.answered_by(cadre_id, on)
        .filter(Q(township_id=township_id) | Q(enterprise_id=enterprise_id))
        .order_by()
        .values_list("pk")[:1]
    ),
    cadre_id=-1,
    on=date.min,
    township_id=-2,
    enterprise_id=-3,
)


def is_posted(*, cadre_id: int, on: date, township_id: int | None = None, enterprise_id: int | None = None) -> bool:
    """Whether a cadre answers on a day, for themselves or as a substitute, for the township or the enterprise (itself or through its township).

    Who knows the enterprise's township names both, which spares the database a look at the enterprise."""
    if township_id is None and enterprise_id is None:
        raise ValueError("name a township or an enterprise")
    if township_id is None:
        reach = Q(enterprise_id=enterprise_id) | Q(township__enterprises=enterprise_id)
        return Posting.objects.answered_by(cadre_id, on).filter(reach).exists()
    return bool(_POSTED.rows(cadre_id=cadre_id, on=on, township_id=township_id, enterprise_id=enterprise_id))


def person(pk: int) -> User:
    """A person with roles, postings and tokens, for pages about one account."""
    return User.objects.prefetch_related(
        Prefetch("grants", RoleGrant.objects.select_related("unit").order_by("role", "unit__code")),
        Prefetch("postings", Posting.objects.select_related("township", "enterprise__township")),
        Prefetch("api_tokens", ApiToken.objects.order_by("-id")),
    ).get(pk=pk)


def accounts(scope: Scope) -> QuerySet[User]:
    """Accounts the reader may see, with their roles."""
    grants = RoleGrant.objects.select_related("unit").order_by("role", "unit__code")
    return User.objects.visible_to(scope).prefetch_related(Prefetch("grants", grants))


def postings(scope: Scope) -> QuerySet[Posting]:
    """Postings the reader may see, with names."""
    return Posting.objects.visible_to(scope).select_related("cadre", "township", "enterprise__township")


def substitutions(scope: Scope) -> QuerySet[Substitution]:
    """Substitutions the reader may see, with names."""
    return Substitution.objects.visible_to(scope).select_related("cadre", "substitute")


def stand_ins(cadre_ids: Iterable[int], on: date) -> dict[int, Substitution]:
    """Cadre id -> who stands in for them on the day. One query for any number."""
    rows = Substitution.objects.in_force(on).filter(cadre_id__in=set(cadre_ids)).select_related("substitute")
    return {row.cadre_id: row for row in rows}


def locked_usernames(usernames: Iterable[str]) -> frozenset[str]:
    """Which of the user names are locked out at present after too many wrong passwords."""
    since = timezone.now() - get_cool_off()
    rows = (
        AccessAttempt.objects.filter(username__in=usernames, attempt_time__gt=since)
        .values("username", "ip_address")
        .annotate(failures=Sum("failures_since_start"))
        .filter(failures__gte=settings.AXES_FAILURE_LIMIT)
    )
    return frozenset(row["username"] for row in rows)


def one_account_a_role() -> list[dict[str, str]]:
    """The first account of each role, for the sign-in page of a demo."""
    grants = (
        RoleGrant.objects.filter(user__is_active=True)
        .select_related("user")
        .order_by("role", "user__username")
        .distinct("role")
    )
    order = list(RoleGrant.Role.values)
    return [
        {"username": grant.user.username, "words": grant.get_role_display()}
        for grant in sorted(grants, key=lambda grant: order.index(grant.role))
    ]
