"""What axe, the accessibility checker from the npm lock, says of a page in a real browser."""

from functools import cache
from pathlib import Path
from typing import Any

SCRIPT = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"


@cache
def _script() -> str:
    return SCRIPT.read_text(encoding="utf-8")


def serious_findings(page: Any, part: str = "html") -> list[str]:
    """What axe calls serious or critical on the page as it stands, or on the part of it that a selector names."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_script())
    result = page.evaluate("part => axe.run(part, {resultTypes: ['violations']})", part)
    return [
        f"{found['id']}: {[node['target'] for node in found['nodes']]}"
        for found in result["violations"]
        if found["impact"] in ("serious", "critical")
    ]
