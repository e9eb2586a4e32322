"""Enterprises of a service activity: who is invited, by names as people have them in a list, and who came."""

from collections.abc import Collection, Sequence

from casework.models import ActivityEnterprise, ServiceActivity
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Enterprise

MOST_ENTERPRISES = 200


def enterprises_named(lines: Sequence[str], scope: Scope) -> list[Enterprise]:
    """The enterprises of a pasted list, one a line by name or credit code, among those the person sees. FieldErrors at enterprises."""
    wanted = list(dict.fromkeys(line.strip() for line in lines if line.strip()))
    if len(wanted) > MOST_ENTERPRISES:
        raise FieldErrors({"enterprises": f"一项活动最多邀请 {MOST_ENTERPRISES} 家企业。"})
    visible = Enterprise.objects.visible_to(scope).defer("search_tokens")
    by_code = {row.credit_code: row for row in visible.filter(credit_code__in=[line.upper() for line in wanted])}
    by_name: dict[str, list[Enterprise]] = {}
    for row in visible.filter(name__in=wanted):
        by_name.setdefault(row.name, []).append(row)
    found: dict[int, Enterprise] = {}
    for line in wanted:
        rows = [by_code[line.upper()]] if line.upper() in by_code else by_name.get(line, [])
        if not rows:
            raise FieldErrors({"enterprises": f"没有找到“{line[:40]}”，请写企业全称或统一社会信用代码。"})
        if len(rows) > 1:
            raise FieldErrors({"enterprises": f"有 {len(rows)} 家企业叫“{line}”，请改写统一社会信用代码。"})
        found[rows[0].pk] = rows[0]
    return list(found.values())


def invite(activity: ServiceActivity, enterprises: Sequence[Enterprise], scope: Scope) -> None:
    """Make these the enterprises invited, as far as the person sees them: those out of sight stay, and who came stays noted."""
    there = set(activity.invited.values_list("enterprise_id", flat=True))
    wanted = {enterprise.pk for enterprise in enterprises}
    gone = Enterprise.objects.visible_to(scope).filter(pk__in=there - wanted).values_list("pk", flat=True)
    activity.invited.filter(enterprise_id__in=list(gone)).delete()
    ActivityEnterprise.objects.bulk_create(
        ActivityEnterprise(activity=activity, enterprise=enterprise)
        for enterprise in enterprises
        if enterprise.pk not in there
    )


def mark_attended(activity: ServiceActivity, invited_ids: Collection[int]) -> int:
    """Note which of the invited came; how many."""
    activity.invited.update(attended=False)
    return activity.invited.filter(pk__in=invited_ids).update(attended=True)
