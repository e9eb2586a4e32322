"""What a file really is: judged by its bytes, and held against what its name says."""

import io
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps

MAX_PIXELS = 60_000_000  # a phone's 48-megapixel photo passes; a decompression bomb does not
JPEG_QUALITY = 88


class Unfit(Exception):
    """The bytes are not what they should be; the text is a Chinese clause."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that may be uploaded. `clean` checks the bytes and returns what is to be stored."""

    label: str
    content_type: str
    extensions: tuple[str, ...]
    starts: Callable[[bytes], bool]
    clean: Callable[[BinaryIO], bytes]


def _image(pillow_format: str) -> Callable[[BinaryIO], bytes]:
    def clean(stream: BinaryIO) -> bytes:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                Image.open(stream, formats=[pillow_format]).verify()
                stream.seek(0)
                picture = Image.open(stream, formats=[pillow_format])
                if picture.width * picture.height > MAX_PIXELS:
                    raise Unfit("图片的尺寸太大，请缩小后再上传")
                return _without_metadata(picture, pillow_format)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise Unfit("图片的尺寸太大，请缩小后再上传") from None
        except (OSError, SyntaxError, ValueError, EOFError):
            raise Unfit("图片已损坏，打不开") from None

    return clean


def _without_metadata(picture: Image.Image, pillow_format: str) -> bytes:
    """The same picture, turned as its EXIF says, without EXIF, place, comments or text. The colour profile stays: it says nothing about anybody."""
    upright = ImageOps.exif_transpose(picture)
    profile = upright.info.get("icc_profile")
    transparency = upright.info.get("transparency")
    upright.info = {} if transparency is None else {"transparency": transparency}
    options = {"quality": JPEG_QUALITY, "exif": b""} if pillow_format != "PNG" else {"optimize": False}
    out = io.BytesIO()
    upright.save(out, pillow_format, icc_profile=profile, **options)
    return out.getvalue()


def _pdf(stream: BinaryIO) -> bytes:
    content = stream.read()
    if b"%%EOF" not in content[-2048:]:
        raise Unfit("PDF 文件不完整")
    return content


def _office(main_part: str) -> Callable[[BinaryIO], bytes]:
    def clean(stream: BinaryIO) -> bytes:
        try:
            with zipfile.ZipFile(stream) as parts:
                names = set(parts.namelist())
        except (zipfile.BadZipFile, OSError, ValueError):
            raise Unfit("文件已损坏，打不开") from None
        if not {"[Content_Types].xml", main_part} <= names:
            raise Unfit("文件的内容与扩展名不符")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise Unfit("文件里带有宏，请去掉宏后再上传")
        stream.seek(0)
        return stream.read()

    return clean


def _is_zip(head: bytes) -> bool:
    return head.startswith(b"PK\x03\x04")


_OFFICE = "application/vnd.openxmlformats-officedocument."

KINDS: tuple[Kind, ...] = (
    Kind("JPG 图片", "image/jpeg", (".jpg", ".jpeg"), lambda h: h.startswith(b"\xff\xd8\xff"), _image("JPEG")),
    Kind("PNG 图片", "image/png", (".png",), lambda h: h.startswith(b"\x89PNG\r\n\x1a\n"), _image("PNG")),
    Kind("WebP 图片", "image/webp", (".webp",), lambda h: h[:4] == b"RIFF" and h[8:12] == b"WEBP", _image("WEBP")),
    Kind("PDF 文件", "application/pdf", (".pdf",), lambda h: h.startswith(b"%PDF-"), _pdf),
    Kind("Word 文档", f"{_OFFICE}wordprocessingml.document", (".docx",), _is_zip, _office("word/document.xml")),
    Kind("Excel 表格", f"{_OFFICE}spreadsheetml.sheet", (".xlsx",), _is_zip, _office("xl/workbook.xml")),
)

BY_EXTENSION: dict[str, Kind] = {extension: kind for kind in KINDS for extension in kind.extensions}
ACCEPTED_WORDS = "、".join(extension.lstrip(".").upper() for extension in BY_EXTENSION)
#: For a file input's `accept`.
ACCEPT_ATTRIBUTE = ",".join(BY_EXTENSION)


def cleaned(extension: str, stream: BinaryIO) -> tuple[Kind, bytes]:
    """The kind a name's extension claims and the bytes to store; raises `Unfit` where bytes and claim differ."""
    kind = BY_EXTENSION.get(extension.lower())
    if kind is None:
        raise Unfit(f"不能上传这种文件，可以上传：{ACCEPTED_WORDS}")
    stream.seek(0)
    head = stream.read(16)
    stream.seek(0)
    if not kind.starts(head):
        real = next((k.label for k in KINDS if k.starts(head) and not _is_zip(head)), None)
        what = f"，而是{real}" if real else ""
        raise Unfit(f"文件的内容不是{kind.label}{what}，与文件名不符")
    return kind, kind.clean(stream)
