"""Short ways to checks, repairs and photos for the tests of care."""

import io
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from stations.models import SpotDraw, Station, StationCheck
from stations.services.check_inputs import CheckInput
from stations.services.checks import check_file
from stations.services.spot_checks import spot_draw
from tests.stations.cast import StationCast
from visits.models import ChecklistVersion
from visits.quarters import quarter_of

TODAY = date(2024, 9, 4)
#: The items neither list can do without, in order.
FINE = {"open_hours": "yes", "water": "yes", "first_aid": "yes", "fire": "yes"}


def version_of(code: str) -> ChecklistVersion:
    """The checklist that holds on the tests' Wednesday."""
    return ChecklistVersion.objects.in_force(TODAY).get(checklist__code=code)


def check_input(
    place: Station, /, *, use: str = "self", answers: dict[str, str] | None = None, **facts: Any
) -> CheckInput:
    """A check of today with everything in order, but for the answers given."""
    fine = FINE | ({"map": "yes"} if use == "spot" else {})
    return CheckInput(
        **{
            "id": uuid4(),
            "station": place.code,
            "use": use,
            "checklist": version_of("acceptance_basic" if use == "acceptance" else f"station_{use}").pk,
            "checked_on": TODAY,
            "answers": fine | (answers or {}),
            **facts,
        }
    )


def filed(cast: StationCast, station: Station, *, who: str = "keeper", **facts: Any) -> StationCheck:
    """A check somebody filed."""
    return check_file(check=check_input(station, **facts), actor=cast.scope(who), now=cast.now)[0]


def payload(check: CheckInput) -> dict[str, Any]:
    """What the phone sends to the API."""
    names = ("station", "use", "checklist", "note")
    return {
        "id": str(check.id),
        "checked_on": check.checked_on.isoformat(),
        "answers": dict(check.answers),
        "remarks": dict(check.remarks),
        **{name: getattr(check, name) for name in names},
    }


def drawn(cast: StationCast, *inspectors: str, seed: str = "2024Q3-0904") -> SpotDraw:
    """This quarter's draw."""
    people = [cast.users[name] for name in inspectors or ("cadre",)]
    return spot_draw(quarter=quarter_of(TODAY), seed=seed, inspectors=people, actor=cast.scope("staff"), now=cast.now)


def picture(name: str = "饮水机.jpg", size: int = 80) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (size, 60), (90, 120, size)).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")
