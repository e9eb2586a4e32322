"""Uploads are shown to a virus scanner where one is set up: a real server on this machine that speaks clamd's INSTREAM."""

import socketserver
import struct
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.people import District, scope_of
from unionportal.core.common.errors import FieldErrors
from unionportal.core.files.models import Attachment
from unionportal.core.files.services import attachment_store

PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
MARK = b"MARKED-AS-INFECTED"


class Scanner(socketserver.StreamRequestHandler):
    """Answers FOUND for what contains MARK, as clamd words it."""

    def handle(self) -> None:
        command = self.rfile.read(len(b"nINSTREAM\n"))
        assert command == b"nINSTREAM\n", command
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
        self.wfile.write(b"stream: Test.Mark FOUND\n" if MARK in content else b"stream: OK\n")


@pytest.fixture
def scanner(settings: Any) -> Iterator[Any]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Scanner) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        settings.CLAMD_ADDRESS = f"127.0.0.1:{server.server_address[1]}"
        yield server
        server.shutdown()


def store(district: District, content: bytes) -> Attachment:
    return attachment_store(upload=SimpleUploadedFile("材料.pdf", content), actor=scope_of(district.cadre()))


def test_a_clean_file_is_kept(district: District, scanner: Any) -> None:
    assert store(district, PDF + b"x" * 5000 + b"%%EOF").size > 5000


def test_what_the_scanner_knows_is_refused(district: District, scanner: Any) -> None:
    with pytest.raises(FieldErrors) as refused:
        store(district, PDF + MARK + b"%%EOF")
    assert "含有病毒" in refused.value.fields["file"]
    assert not Attachment.objects.exists()


def test_while_the_scanner_is_away_nothing_is_taken(district: District, scanner: Any) -> None:
    scanner.shutdown()
    scanner.server_close()
    with pytest.raises(FieldErrors) as refused:
        store(district, PDF)
    assert "暂时不可用" in refused.value.fields["file"]


def test_without_a_scanner_content_alone_decides(district: District, settings: Any) -> None:
    settings.CLAMD_ADDRESS = ""
    assert store(district, PDF).content_type == "application/pdf"
