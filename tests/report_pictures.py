"""A Word report as pictures of its pages, laid out by LibreOffice as whoever opens it sees them; `make screenshots` takes those of the demo's 2024."""

import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import typst
from pypdf import PdfReader

#: Enough to read the small print of a table.
PIXELS_PER_INCH = 96


def page_pictures(word: bytes, folder: Path, stem: str) -> list[Path]:
    """Draw every page into the folder, `stem-1.png` and so on; pictures of an earlier, longer report do not stay behind."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    assert office, "LibreOffice is missing: run `make test`, which installs it"
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{stem}-*.png"):
        old.unlink()
    with TemporaryDirectory() as at:
        here = Path(at)
        (here / "report.docx").write_bytes(word)
        profile = f"-env:UserInstallation=file://{at}/profile"
        argv = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", at, f"{at}/report.docx"]
        subprocess.run(argv, check=True, capture_output=True, timeout=180)
        return [_picture(here, number, folder / f"{stem}-{number}.png") for number in _page_numbers(here)]


def _page_numbers(here: Path) -> range:
    return range(1, len(PdfReader(here / "report.pdf").pages) + 1)


def _picture(here: Path, number: int, file: Path) -> Path:
    """Typst draws a page of a PDF as it draws any picture."""
    source = here / f"page-{number}.typ"
    source.write_text(f'#set page(width: auto, height: auto, margin: 0pt)\n#image("report.pdf", page: {number})\n')
    typst.compile(str(source), output=str(file), format="png", ppi=PIXELS_PER_INCH)
    return file
