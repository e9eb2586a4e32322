"""Sealed fields: what is sealed opens only where it belongs, and keys and ciphers can change without losing a row."""

import base64
import secrets

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.test import RequestFactory

from unionportal.core.common import sealed
from unionportal.core.common.addresses import client_network

PHONE = "13812345678"


def key(number: int) -> str:
    return f"{number}:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"


@pytest.mark.parametrize("suite", ["aes-gcm", "sm4-gcm"])
def test_what_is_sealed_opens_again(settings, suite: str) -> None:
    settings.FIELD_CIPHER = suite
    closed = sealed.seal(PHONE, context="a:1")
    assert PHONE not in closed
    assert closed.split(".")[1] == suite
    assert sealed.unseal(closed, context="a:1") == PHONE
    assert sealed.seal(PHONE, context="a:1") != closed  # equal numbers do not look equal


def test_it_opens_nowhere_else_and_not_when_changed() -> None:
    closed = sealed.seal(PHONE, context="a:1")
    number, suite, body = closed.split(".")
    raw = bytearray(base64.urlsafe_b64decode(body))
    raw[15] ^= 1
    for wrong, context in (
        (closed, "a:2"),
        (f"{number}.{suite}.{base64.urlsafe_b64encode(bytes(raw)).decode()}", "a:1"),
        (f"{number}.sm4-gcm.{body}", "a:1"),
        (f"9.{suite}.{body}", "a:1"),
        ("", "a:1"),
        (closed[:20], "a:1"),
    ):
        with pytest.raises(sealed.Unreadable):
            sealed.unseal(wrong, context=context)


def test_a_new_key_seals_and_the_old_one_still_opens(settings) -> None:
    old, new = key(1), key(2)
    settings.FIELD_KEYS = old
    closed, found = sealed.seal(PHONE, context="a"), sealed.fingerprint(PHONE, purpose="phone")
    settings.FIELD_KEYS = f"{old},{new}"
    assert sealed.unseal(closed, context="a") == PHONE
    assert sealed.is_stale(closed)
    assert not sealed.is_stale(sealed.seal(PHONE, context="a"))
    assert found in sealed.fingerprints(PHONE, purpose="phone")
    assert found != sealed.fingerprint(PHONE, purpose="phone")
    settings.FIELD_KEYS = new
    with pytest.raises(sealed.Unreadable):
        sealed.unseal(closed, context="a")


def test_a_new_cipher_leaves_old_rows_readable_and_findable(settings) -> None:
    closed, found = sealed.seal(PHONE, context="a"), sealed.fingerprint(PHONE, purpose="phone")
    settings.FIELD_CIPHER = "sm4-gcm"
    assert sealed.unseal(closed, context="a") == PHONE
    assert sealed.is_stale(closed)
    assert found in sealed.fingerprints(PHONE, purpose="phone")


def test_a_fingerprint_serves_one_purpose() -> None:
    assert sealed.fingerprint(PHONE, purpose="phone") != sealed.fingerprint(PHONE, purpose="limit")


@pytest.mark.parametrize(
    "wrong",
    ["", "1:short", "x:" + "A" * 43, "1", f"{key(1)},{key(1)}"],
    # A key is made anew by each process, so it may not stand in the test's name.
    ids=["none", "too short", "no number", "no key", "one number twice"],
)
def test_keys_that_are_none_are_an_error(settings, wrong: str) -> None:
    settings.FIELD_KEYS = wrong
    with pytest.raises(ImproperlyConfigured, match="FIELD_KEYS"):
        apps.get_app_config("common").ready()  # as every process does when it starts


def test_a_cipher_there_is_not_stops_the_start(settings) -> None:
    settings.FIELD_CIPHER = "rot13"
    with pytest.raises(ImproperlyConfigured, match="sm4-gcm"):
        apps.get_app_config("common").ready()


@pytest.mark.parametrize(
    ("hops", "forwarded", "remote", "expected"),
    [
        (0, "1.2.3.4", "10.0.0.1", "10.0.0.1"),  # written by the sender: not believed
        (1, "9.9.9.9, 1.2.3.4", "10.0.0.1", "1.2.3.4"),
        (2, "9.9.9.9, 1.2.3.4, 10.0.0.2", "10.0.0.1", "1.2.3.4"),
        (2, "1.2.3.4", "10.0.0.1", "10.0.0.1"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, "", "::ffff:1.2.3.4", "1.2.3.4"),
        (0, "", "", ""),
    ],
)
def test_where_a_request_comes_from(settings, hops: int, forwarded: str, remote: str, expected: str) -> None:
    settings.PROXY_HOPS = hops
    request = RequestFactory().get("/", REMOTE_ADDR=remote, headers={"X-Forwarded-For": forwarded})
    assert client_network(request) == expected
