"""What follows from a sheet that was taken: leads about workers without a file, notices about people with one. No decision follows from it."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from hardship.models import FileMember, FileSignal, Lead, LeadReason, SensedBatch, SensingRule
from hardship.models.files import NAME_LENGTH, UNIT_LENGTH
from hardship.models.sealing import found_by
from hardship.sensing.keys import plain
from hardship.sensing.matching import Known, Place, Places, in_groups, known_people
from hardship.sensing.packing import packed_facts
from hardship.sensing.reading import Person
from hardship.sensing.rules import Finding, evaluate
from hardship.sensing.sources import SOURCES
from hardship.services.leads import keep_lead
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.core.common.sealed import fingerprints
from unionportal.core.orgs.models import Unit
from unionportal.core.params.values import value

#: Row numbers a result names.
MOST_NAMED = 50


def raise_leads(
    batch: SensedBatch, people: Sequence[Person], *, actor: Scope, now: datetime, whole: bool = True
) -> dict[str, Any]:
    """Judge everybody in a batch by all that is kept about them; in the caller's transaction. `whole`: no row of the sheet was left out, so
    that who is not on it has gone. Returns counts, and the rows that led nowhere for want of a place or because several people bear the name."""
    today = clock.local_date(now)
    rules = [row.as_rule() for row in SensingRule.objects.all()]
    threshold = int(value("hardship.lead_threshold", on=today))
    everybody = list(known_people(people))
    places, members = Places(), _members_of(known.id_number for known in everybody)
    counts: Counter[str] = Counter(dict.fromkeys(("leads", "weak", "known", "signals", "strangers"), 0))
    rows: dict[str, list[int]] = {"ambiguous": [], "placeless": []}
    for known in everybody:
        if known.ambiguous:
            rows["ambiguous"].append(known.person.row)
            continue
        member = members.get(known.id_number)
        if member is not None:
            if known.person.id_number and not SOURCES[batch.source].is_roster:
                counts["signals"] += notice_change(batch, member, known.person, today)
            continue
        findings = evaluate(rules, known.seen(), on=today, threshold=threshold)
        place = places.of(known)
        if not place.is_worker:
            counts["strangers"] += 1
            continue
        for finding in findings:
            if place.township is None:
                rows["placeless"].append(known.person.row)
                break
            outcome = _raise(known, place, place.township, finding, actor, today)
            counts[outcome] += 1
            counts["weak"] += finding.weak and outcome == "leads"
    if whole:
        counts["signals"] += notice_gone(batch, members.values(), today)
    return {**counts, **{name: numbers[:MOST_NAMED] for name, numbers in rows.items()}}


def _raise(known: Known, place: Place, township: Unit, finding: Finding, actor: Scope, today: date) -> str:
    """`leads` for a new one, `known` where it waits already or the very same was dismissed."""
    lead = Lead(
        origin=Lead.Origin.SENSING,
        cause=finding.cause,
        township=township,
        enterprise=place.enterprise,
        unit_name=place.unit_name[:UNIT_LENGTH],
        match=Lead.Match.WHO if finding.weak else Lead.Match.ID,
        score=finding.score,
        raised_by_id=actor.user_id,
    )
    basis = f"{known.id_number or plain(known.person.name)}|{place.unit_name}|{finding.basis}"
    if Lead.objects.filter(found_by("basis", basis, Lead), state=Lead.State.DISMISSED, cause=finding.cause).exists():
        return "known"
    lead.seal("basis", basis)
    lead.seal("phone", known.first("phone"))
    if not keep_lead(lead, known.person.name[:NAME_LENGTH], known.id_number, today):
        return "known"
    reasons = []
    for reason in finding.reasons:
        row = LeadReason(
            lead=lead, rule_id=reason.rule.pk, batch_id=reason.batch, weight=reason.rule.weight, weak=reason.weak
        )
        row.seal("words", reason.words)
        reasons.append(row)
    LeadReason.objects.bulk_create(reasons)
    return "leads"


def notice_change(batch: SensedBatch, member: FileMember, person: Person, today: date) -> bool:
    """Note what a sheet says of somebody who has a file, where it is not what its last one said."""
    facts = json.dumps(packed_facts(person), ensure_ascii=False)
    last = FileSignal.objects.filter(member=member, batch__source=batch.source).first()
    if last is not None and last.kind != FileSignal.Kind.GONE:
        if last.facts_find in fingerprints(facts, purpose="hardship.facts"):
            return False
        kind = FileSignal.Kind.CHANGED
    else:
        kind = FileSignal.Kind.NEW
    signal = FileSignal(file=member.file, member=member, batch=batch, kind=kind, noticed_on=today)
    signal.seal("facts", facts)
    signal.save(force_insert=True)
    return True


def notice_gone(batch: SensedBatch, there: Iterable[FileMember], today: date) -> int:
    """Note who stood on the source's last list of the same provider and does not stand on this one, where being on it lasts."""
    if not SOURCES[batch.source].is_standing:
        return 0
    latest = (
        FileSignal.objects.filter(batch__source=batch.source, batch__provider=batch.provider, member__in_live_file=True)
        .exclude(batch=batch)
        .exclude(member__in=[member.pk for member in there])
        .order_by("member_id", "-noticed_on", "-id")
        .distinct("member_id")
        .select_related("file")
    )
    gone = [row for row in latest if row.kind != FileSignal.Kind.GONE]
    FileSignal.objects.bulk_create(
        FileSignal(file=row.file, member_id=row.member_id, batch=batch, kind=FileSignal.Kind.GONE, noticed_on=today)
        for row in gone
    )
    return len(gone)


def _members_of(id_numbers: Iterable[str]) -> Mapping[str, FileMember]:
    """Who is in a live file, by ID number."""
    found = {}
    for group in in_groups(sorted(set(id_numbers) - {""})):
        numbers = {hash_: number for number in group for hash_ in fingerprints(number, purpose="hardship.id")}
        rows = FileMember.objects.present().filter(in_live_file=True, id_find__in=numbers).select_related("file")
        found.update({numbers[member.id_find]: member for member in rows})
    return found
