"""A nomination's file as a reviewer gets it: without the name it came under, and without the author an office program writes into it."""

import re
from io import BytesIO
from pathlib import PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import FileResponse

from unionportal.core.files.models import Attachment
from unionportal.core.files.services import attachment_response

#: Parts of a Word or Excel file that say who made it, and what in them does.
_PROPERTIES = ("docProps/core.xml", "docProps/app.xml", "docProps/custom.xml")
_NAMES = re.compile(
    rb"(<(dc:creator|cp:lastModifiedBy|dc:title|dc:subject|dc:description|cp:keywords|Company|Manager)\b[^>]*>)[^<]*(</\2>)"
)
_OFFICE = (".docx", ".xlsx")


def blind_response(attachment: Attachment, position: int) -> FileResponse:
    """The file as 附件1.docx, whatever it was called. A PDF goes as it is: its nominator was asked to leave names out."""
    extension = PurePosixPath(attachment.name).suffix.lower()
    nameless = Attachment(file=attachment.file, name=f"附件{position}{extension}", content_type=attachment.content_type)
    response = attachment_response(nameless)
    stream = response.file_to_stream
    if extension in _OFFICE and stream is not None:
        response.streaming_content = BytesIO(without_properties(stream.read()))
    return response


def without_properties(content: bytes) -> bytes:
    """A Word or Excel file with the properties emptied that name people or a company."""
    buffer = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(buffer, "w", ZIP_DEFLATED) as new:
        for item in old.infolist():
            part = old.read(item)
            if item.filename in _PROPERTIES:
                part = _NAMES.sub(rb"\1\3", part)
            new.writestr(item.filename, part)
    return buffer.getvalue()
