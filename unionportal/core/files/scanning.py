"""Virus check of uploads by a ClamAV daemon, where one is set up (CLAMD_ADDRESS). Without one files are judged by content alone."""

import io
import logging

import clamd
from django.conf import settings

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 30.0


class Infected(Exception):
    """The scanner knows it; the message is the scanner's name for it."""


class ScannerAway(Exception):
    """No answer that could be relied on. A file nobody checked is not taken."""


def scan(content: bytes) -> None:
    """Have the bytes checked by INSTREAM. Raises Infected or ScannerAway; does nothing where no scanner is set up."""
    if not settings.CLAMD_ADDRESS:
        return
    try:
        status, name = _client(settings.CLAMD_ADDRESS).instream(io.BytesIO(content))["stream"]
    except (clamd.ClamdError, OSError, KeyError, TypeError, ValueError) as error:
        log.warning("virus scanner at %s gave no answer", settings.CLAMD_ADDRESS, exc_info=True)
        raise ScannerAway from error
    if status == "FOUND":
        raise Infected(name)
    if status != "OK":
        raise ScannerAway(str(name))


def _client(address: str) -> clamd.ClamdNetworkSocket:
    """`unix:///run/clamav/clamd.ctl` or `host:port`."""
    if address.startswith("unix://"):
        return clamd.ClamdUnixSocket(path=address.removeprefix("unix://"), timeout=TIMEOUT_SECONDS)
    host, _, port = address.rpartition(":")
    return clamd.ClamdNetworkSocket(host=host, port=int(port), timeout=TIMEOUT_SECONDS)
