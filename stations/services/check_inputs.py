"""What a check of a station is filed from, the same for the phone's queue, pages and the loader."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from unionportal.core.common.ids import payload_hash

MAX_PHOTOS = 9


@dataclass(frozen=True, slots=True)
class CheckInput:
    """A checklist filled in: `checklist` is the number of the published version that was shown (its row), answers and remarks by the items' codes."""

    id: UUID
    station: str
    use: str
    checklist: int
    checked_on: date
    answers: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    def hash(self, user_id: int) -> str:
        """Of what was sent, and by whom."""
        payload: dict[str, Any] = {name: getattr(self, name) for name in ("station", "use", "checklist", "note")}
        payload |= {"on": self.checked_on, "by": user_id}
        payload |= {name: {k: v for k, v in getattr(self, name).items() if v} for name in ("answers", "remarks")}
        return payload_hash(payload)


@dataclass(frozen=True, slots=True)
class CheckPhotoInput:
    """A photo that follows its check, under the id the phone gave it."""

    id: UUID
    file: UploadedFile
