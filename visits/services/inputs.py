"""What a visit is logged from, the same for page, API and loader."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from unionportal.core.common.ids import payload_hash
from visits.models import Visit

MAX_PHOTOS = 9
#: As many issues as a visit may find; the bound only protects the server (five fields each of DATA_UPLOAD_MAX_NUMBER_FIELDS).
MAX_ISSUES = 200


@dataclass(frozen=True, slots=True)
class IssueInput:
    """An issue found on the visit; `id` is made by the client, `category` is a category's code."""

    id: UUID
    title: str
    category: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class ChecklistInput:
    """A checklist as it was filled in: `version` is the number of the published version shown (its row), answers by the items' codes."""

    version: int
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """When and where a photo was taken, kept only where the cadre agreed; a place has both numbers."""

    taken_at: datetime | None = None
    latitude: Decimal | None = None
    longitude: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PhotoInput:
    """One photo that follows its visit; `id` is made by the client."""

    id: UUID
    file: UploadedFile
    facts: PhotoFacts = PhotoFacts()


@dataclass(frozen=True, slots=True)
class VisitInput:
    """One visit as it was typed. `enterprise` is a credit code, `township` a unit code.

    An enterprise's township is its own, so `township` may be left out there; every other target needs `target_name` and `township`.
    `checks`: name (morale, vitality, employment, assistance, rights) -> good, problem or not_seen; what is left out was not seen.
    `ends_on`: the last day of a stay; one without lasts the day. `again`: whether this is knowingly the second visit to the enterprise that day;
    False asks, None (where nobody can be asked) takes it as it comes.
    """

    id: UUID
    visited_on: date
    kind: str = Visit.Kind.ROUTINE
    mode: str = Visit.Mode.ON_SITE
    target_kind: str = Visit.Target.ENTERPRISE
    enterprise: str = ""
    target_name: str = ""
    township: str = ""
    met: str = ""
    headcount: int = 1
    checks: Mapping[str, str] = field(default_factory=dict)
    narrative: str = ""
    ends_on: date | None = None
    began_at: time | None = None
    ended_at: time | None = None
    again: bool | None = None
    checklist: ChecklistInput | None = None
    issues: tuple[IssueInput, ...] = ()
    photos: tuple[UploadedFile, ...] = ()
    photo_facts: tuple[PhotoFacts, ...] = ()  # of the photos in their order; fewer than photos where nothing is known

    @property
    def for_enterprise(self) -> bool:
        return self.target_kind == Visit.Target.ENTERPRISE

    @property
    def last_day(self) -> date | None:
        """The last day of a stay, None for any other kind."""
        return (self.ends_on or self.visited_on) if self.kind == Visit.Kind.STAY else None

    def fingerprint(self) -> str:
        """Hash of the content, photos included: what tells a retry from another visit under the same id."""
        return payload_hash(
            {
                **self._given_only(),
                "visited_on": self.visited_on.isoformat(),
                "kind": str(self.kind),
                "mode": str(self.mode),
                "target_kind": str(self.target_kind),
                "enterprise": self.enterprise.strip().upper() if self.for_enterprise else "",
                "target_name": "" if self.for_enterprise else self.target_name.strip(),
                "township": "" if self.for_enterprise else self.township.strip(),
                "met": self.met.strip(),
                "headcount": self.headcount,
                "checks": {name: self.checks.get(name) or Visit.Check.NOT_SEEN.value for name in Visit.CHECKS},
                "narrative": self.narrative.strip(),
                "issues": [_issue_content(issue) for issue in self.issues],
                "photos": [upload_digest(photo) for photo in self.photos],
            }
        )

    def _given_only(self) -> dict[str, Any]:
        """What older clients did not send stays out where it is not given, so that their retries are still recognised."""
        given = {
            "ends_on": self.ends_on.isoformat() if self.ends_on else "",
            "began_at": self.began_at.isoformat() if self.began_at else "",
            "ended_at": self.ended_at.isoformat() if self.ended_at else "",
            "checklist": _checklist_content(self.checklist) if self.checklist else "",
        }
        return {name: value for name, value in given.items() if value}


def _checklist_content(checklist: ChecklistInput) -> list[Any]:
    answers = {code: text.strip() for code, text in checklist.answers.items()}
    return [checklist.version, {code: text for code, text in answers.items() if text}]


def _issue_content(issue: IssueInput) -> dict[str, Any]:
    return {
        "id": str(issue.id),
        "title": issue.title.strip(),
        "category": issue.category.strip(),
        "description": issue.description.strip(),
    }


def upload_digest(upload: UploadedFile) -> str:
    """SHA-256 of an upload, which is left at its beginning."""
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    return digest.hexdigest()
