"""Pages and pictures set by Typst: no office suite, no display, and the fonts come with the portal."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import typst

_SHEETS = Path(__file__).resolve().parent / "typeset"
#: Sharp on paper; a chart is some thirteen hundred dots wide.
DOTS_PER_INCH = 220


@cache
def _fonts() -> typst.Fonts:
    """The two Chinese faces that come with the portal, whatever the machine has: the same page everywhere."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[pylopdf_fonts_zh_cn.sans_path().parent]
    )


def pdf(sheet: str, data: dict[str, Any]) -> bytes:
    """A sheet of `typeset/` as PDF/A, tagged for readers by ear."""
    return _set(sheet, data, format="pdf", pdf_standards=["a-2a"])


def png(sheet: str, data: dict[str, Any]) -> bytes:
    """A sheet of one page as a picture."""
    return _set(sheet, data, format="png", ppi=DOTS_PER_INCH)


def _set(sheet: str, data: dict[str, Any], **options: Any) -> bytes:
    compiler = typst.Compiler(
        _SHEETS / f"{sheet}.typ",
        root=_SHEETS,
        font_paths=_fonts(),
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )
    return compiler.compile(**options)  # type: ignore[return-value]
