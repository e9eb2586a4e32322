"""What of the hardship files waits for whom, for the workbench: steps that are due and measures that are."""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from hardship.models import FileProcess, FileStep, HardshipFile, Measure, PublicityEntry
from hardship.process import PREPARING, RENEW, STEPS, Level, Step
from hardship.process_querysets import renewal_near
from hardship.querysets import units_below
from unionportal.core.common.scope import Role, Scope

#: Steps any aid officer of the file may take.
_ANY_OFFICER = (Step.SURVEY, Step.APPRAISE, Step.PUBLICISE)


def due_steps(scope: Scope, today: date) -> QuerySet[FileProcess]:
    """Files whose next step an aid officer may take; a yearly review from some days before it is due (a parameter)."""
    own = Q(file__township__in=sorted(scope.aid_unit_ids))
    below = Q(file__township__parent__in=sorted(scope.aid_unit_ids)) | Q(
        file__township__parent__parent__in=sorted(scope.aid_unit_ids)
    )
    listed = PublicityEntry.objects.filter(outcome="").values("file")
    waits = (
        (Q(awaits__in=_ANY_OFFICER) & (own | below))
        | (Q(awaits=Step.REVIEW) & own)
        | (Q(pk__in=FileProcess.objects.without_reviewer().values("pk")) & below)
        | (Q(awaits__in=(Step.CHECK, Step.APPROVE)) & below)
        | (renewal_near(today) & (own | below))
    )
    return (
        _for_others(FileProcess.objects.filter(waits), scope)
        .select_related("file__township")
        .exclude(awaits=Step.PUBLICISE, file__in=listed)
    )


def due_approvals(scope: Scope, today: date) -> QuerySet[FileProcess]:
    """Files that wait for the approval of a leader who did not prepare them."""
    return _for_others(FileProcess.objects.filter(awaits=Step.APPROVE), scope).select_related("file__township")


def due_measures(scope: Scope, today: date) -> QuerySet[Measure]:
    """Open measures that the person sees to."""
    if not scope.has(Role.AID):
        return Measure.objects.none()
    files = HardshipFile.objects.filter(township__in=units_below(scope.aid_unit_ids))
    return Measure.objects.filter(
        state=Measure.State.OPEN, owner_id=scope.user_id, file__in=files.values("pk")
    ).select_related("file__township", "kind", "member")


def next_address(process: FileProcess) -> str:
    """Where the step that is due is taken. `process` comes with its file and the file's township."""
    if process.awaits == Step.SURVEY:
        return f"/hardship/{process.file.code}/survey/"
    if process.awaits == Step.PUBLICISE:
        return f"/hardship/publicity/new/{process.file.township.code}/"
    return f"/hardship/{process.file.code}/process/#{process.awaits}"


def step_label(process: FileProcess) -> str:
    """The step that is due, in words."""
    return "复核" if process.awaits == RENEW else STEPS[process.awaits].label


def _for_others(rows: QuerySet[FileProcess], scope: Scope) -> QuerySet[FileProcess]:
    """Without what the person may not judge because they prepared it."""
    mine = FileStep.objects.filter(
        file=OuterRef("pk"), round=OuterRef("round"), actor_id=scope.user_id, action__in=PREPARING
    )
    own_approvals = Q(awaits=Step.APPROVE) & (Q(Exists(mine)) | Q(file__opened_by=scope.user_id))
    own_reviews = Q(awaits=Step.REVIEW) & Q(Exists(mine.filter(level=Level.UNIT)))
    return rows.exclude(own_approvals).exclude(own_reviews)
