"""Jobs as pages show them."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from unionportal.core.common.exchange.kinds import Outcome, export_kinds, import_kinds
from unionportal.core.jobs.models import Job
from unionportal.core.jobs.services.sweeping import KEPT_FOR

TONES = {"queued": "idle", "running": "link", "done": "ok", "failed": "late", "cancelled": "idle"}


@dataclass(frozen=True, slots=True)
class Look:
    """A job in words: its name, its state as a chip, how far it is, until when its file is kept."""

    job: Job
    name: str
    label: str
    tone: str
    progress_words: str
    counts: tuple[tuple[str, int], ...] = ()

    @property
    def has_file(self) -> bool:
        return bool(self.job.result)

    @property
    def days_left(self) -> int:
        """Days the file is still kept, today included."""
        return max(0, (self.job.beat_at + KEPT_FOR - timezone.now()).days + 1)


def job_look(job: Job) -> Look:
    """The job for a page."""
    kinds: tuple[Any, ...] = export_kinds() if job.way == Job.Way.EXPORT else import_kinds()
    name = next((kind.label for kind in kinds if kind.code == job.kind), job.kind)
    label, tone = _state(job)
    counts = tuple((each.label, job.counts[each]) for each in Outcome if job.counts.get(each))
    return Look(job, name, label, tone, _progress_words(job), counts)


def _state(job: Job) -> tuple[str, str]:
    if job.dry_run and job.state == Job.State.DONE:
        return (f"有 {job.problem_count} 处问题", "late") if job.problem_count else ("检查通过", "ok")
    if job.dry_run and job.state == Job.State.RUNNING:
        return "检查中", "link"
    return job.get_state_display(), TONES[job.state]


def _progress_words(job: Job) -> str:
    if job.state == Job.State.QUEUED:
        return "排队中，马上开始"
    return f"已处理 {job.done:,} / {job.total:,} 行" if job.total else "正在准备"
