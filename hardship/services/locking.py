"""How every write to a file begins: authorised, found within reach, locked, and not changed in between."""

from hardship.models import HardshipFile
from hardship.personal import NOT_YOURS, may_see_personal
from hardship.workflow import CLOSED_STATES, STATE_LABELS
from unionportal.core.common.errors import Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope


def locked_file(code: str, actor: Scope) -> HardshipFile:
    """The file within the actor's reach, with what its standing needs, held until the end of the transaction. Raises NotFound."""
    files = HardshipFile.objects.visible_to(actor).select_for_update(of=("self",))
    file = files.select_related("township__parent__parent").filter(code=code).first()
    if file is None:
        raise NotFound
    return file


def file_for_update(code: str, actor: Scope, *, action: str, version: int | None = None) -> HardshipFile:
    """The file, locked, for somebody who works with its personal data. Raises NotFound, Forbidden, StaleVersion."""
    file = locked_file(code, actor)
    require(actor, action)
    if not may_see_personal(actor, file):
        raise Forbidden(NOT_YOURS)
    require_version(file, version)
    return file


def require_version(file: HardshipFile, version: int | None) -> None:
    """Raise StaleVersion if somebody saved since the actor saw the file; None: not asked."""
    if version is not None and file.version != version:
        raise StaleVersion


def require_live(file: HardshipFile) -> None:
    """Raise InvalidTransition for a file that is over."""
    if file.state in CLOSED_STATES:
        raise InvalidTransition(f"这份档案{STATE_LABELS[file.state]}，不能再修改。")


def step(file: HardshipFile, *columns: str) -> None:
    """Save the named columns as the next version."""
    file.version += 1
    file.save(update_fields=[*columns, "version"])
