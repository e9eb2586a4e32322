"""Fields that only the portal can read: sealed at rest, looked up by keyed hash. Keys come from FIELD_KEYS, the suite from FIELD_CIPHER.

A sealed text is `key.suite.base64(nonce + ciphertext + tag)`, so that keys and ciphers can change while old rows stay readable: the last key of
FIELD_KEYS seals, all open. Source: docs/domain.md, "Legal and technical duties".
"""

import base64
import binascii
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, CipherAlgorithm, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
TAG_BYTES = 16
MASTER_BYTES = 32


class Unreadable(Exception):
    """A sealed text whose key is gone, or that was changed, cut, or moved from another place."""


@dataclass(frozen=True, slots=True)
class Suite:
    """A block cipher used in GCM with the digest that goes with it."""

    code: str
    cipher: Callable[[bytes], CipherAlgorithm]
    key_bytes: int
    digest: Callable[[], hashes.HashAlgorithm]


SUITES: dict[str, Suite] = {
    suite.code: suite
    for suite in (
        Suite("aes-gcm", algorithms.AES, 32, hashes.SHA256),
        Suite("sm4-gcm", algorithms.SM4, 16, hashes.SM3),
    )
}


@lru_cache(maxsize=8)
def _keys(text: str) -> dict[str, bytes]:
    """FIELD_KEYS by number, in their order. `number:base64 of 32 bytes`, several by comma."""
    found: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        number, _, encoded = entry.partition(":")
        try:
            master = base64.urlsafe_b64decode(encoded.replace("+", "-").replace("/", "_") + "=" * (-len(encoded) % 4))
        except (ValueError, binascii.Error):
            master = b""
        if not number.isdigit() or number in found or len(master) != MASTER_BYTES:
            raise ImproperlyConfigured(
                "FIELD_KEYS 应为“编号:32 字节的 base64”，多个以逗号分隔（见 docs/operations.md）。"
            )
        found[number] = master
    if not found:
        raise ImproperlyConfigured("环境变量 FIELD_KEYS 未设置（见 docs/operations.md）。")
    return found


@lru_cache(maxsize=64)
def _derived(master: bytes, suite: str, purpose: str) -> bytes:
    """One key a suite and purpose, so that no key does two jobs."""
    length = SUITES[suite].key_bytes if purpose == "seal" else MASTER_BYTES
    info = f"unionportal/{suite}/{purpose}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=None, info=info).derive(master)


def _present() -> tuple[str, bytes, Suite]:
    number, master = list(_keys(settings.FIELD_KEYS).items())[-1]
    if settings.FIELD_CIPHER not in SUITES:
        raise ImproperlyConfigured(f"FIELD_CIPHER 应为 {' 或 '.join(SUITES)}。")
    return number, master, SUITES[settings.FIELD_CIPHER]


def check_keys() -> None:
    """Raises ImproperlyConfigured, in words for whoever starts the portal, where nothing could be sealed."""
    _present()


def seal(text: str, *, context: str) -> str:
    """Encrypt with the newest key. `context` names the field and the row; what is moved elsewhere does not open there."""
    return seal_prefix() + base64.urlsafe_b64encode(_encrypted(text.encode(), context)).decode()


def unseal(sealed: str, *, context: str) -> str:
    """The text again. Raises Unreadable."""
    number, _, rest = sealed.partition(".")
    code, _, encoded = rest.partition(".")
    try:
        return _decrypted(number, code, base64.urlsafe_b64decode(encoded), context).decode()
    except ValueError:
        raise Unreadable("changed or moved") from None


def seal_bytes(content: bytes, *, context: str) -> bytes:
    """The same for a file: the head of a sealed text, then the bytes as they are."""
    return seal_prefix().encode() + _encrypted(content, context)


def unseal_bytes(sealed: bytes, *, context: str) -> bytes:
    """The file again. Raises Unreadable."""
    number, _, rest = sealed.partition(b".")
    code, _, body = rest.partition(b".")
    return _decrypted(number.decode(errors="replace"), code.decode(errors="replace"), body, context)


def _encrypted(content: bytes, context: str) -> bytes:
    _, master, suite = _present()
    nonce = secrets.token_bytes(NONCE_BYTES)
    encryptor = Cipher(suite.cipher(_derived(master, suite.code, "seal")), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(context.encode())
    return nonce + encryptor.update(content) + encryptor.finalize() + encryptor.tag


def _decrypted(number: str, code: str, body: bytes, context: str) -> bytes:
    master, suite = _keys(settings.FIELD_KEYS).get(number), SUITES.get(code)
    if master is None or suite is None:
        raise Unreadable(f"no key {number[:9]} for {code[:9]}")
    try:
        nonce, ciphertext, tag = body[:NONCE_BYTES], body[NONCE_BYTES:-TAG_BYTES], body[-TAG_BYTES:]
        decryptor = Cipher(suite.cipher(_derived(master, code, "seal")), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(context.encode())
        return decryptor.update(ciphertext) + decryptor.finalize()
    except (ValueError, InvalidTag):
        raise Unreadable("changed or moved") from None


def seal_prefix() -> str:
    """What everything sealed by the newest key and the present cipher begins with."""
    number, _, suite = _present()
    return f"{number}.{suite.code}."


def is_stale(sealed: str) -> bool:
    """Whether it was sealed with an older key or another cipher than now: `rotate_field_keys` seals it anew."""
    return not sealed.startswith(seal_prefix())


def fingerprint(text: str, *, purpose: str) -> str:
    """A keyed hash to store beside a sealed text and find it by. Whoever reads the table cannot try out phone numbers."""
    number, master, suite = _present()
    return _fingerprint(text, purpose, number, master, suite)


def fingerprints(text: str, *, purpose: str) -> list[str]:
    """The hash under every key and suite there is: what to look for while rows of older keys remain."""
    keys = _keys(settings.FIELD_KEYS).items()
    return [_fingerprint(text, purpose, number, master, s) for number, master in keys for s in SUITES.values()]


def _fingerprint(text: str, purpose: str, number: str, master: bytes, suite: Suite) -> str:
    keyed = HMAC(_derived(master, suite.code, f"find/{purpose}"), suite.digest())
    keyed.update(text.encode())
    return f"{number}.{suite.code}.{base64.urlsafe_b64encode(keyed.finalize()).decode().rstrip('=')}"
