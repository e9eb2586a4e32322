"""Changing FIELD_KEYS: after the command the old key can go, and everything sealed is still read and found."""

import base64
import secrets
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from casework.models import Category, Issue, Reporter
from casework.services import ReporterInput, issue_register, reporter_reveal
from casework.services.reporters import masked_phone
from tests.people import District, client_for, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.sealed_field import SealedField
from unionportal.core.notify.models import Channel
from unionportal.core.notify.services import channel_set
from unionportal.core.notify.targets import target_of
from unionportal.reporting import field_keys

PHONES = ("13800000001", "13800000002", "13800000003")


def key(number: int) -> str:
    return f"{number}:{base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()}"


@pytest.fixture
def staff(district: District) -> User:
    return district.staff()


def called_in(district: District, staff: User, phone: str) -> Issue:
    """An issue of a reporter who left a phone."""
    return issue_register(
        uuid=uuid4(),
        title="来电反映",
        description="",
        category=Category.objects.get(code="safety"),
        township=district.township(),
        received_on=clock.today(),
        reporter=ReporterInput("open", "黄示例", phone),
        actor=scope_of(staff),
    )


def rotate() -> str:
    out = StringIO()
    call_command("rotate_field_keys", stdout=out)
    return out.getvalue()


def test_the_old_key_can_go_after_the_command(
    district: District, staff: User, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = key(1), key(2)
    settings.FIELD_KEYS = old
    issues = [called_in(district, staff, phone) for phone in PHONES]
    called_in(district, staff, "")  # a row with nothing sealed stays without
    channel_set(way="mail", target="me@example.com", kinds=["todo"], is_active=True, actor=scope_of(staff))
    settings.FIELD_KEYS = f"{old},{new}"
    monkeypatch.setattr(field_keys, "BATCH", 2)  # more rows than a batch
    said = rotate()
    assert "casework.Reporter.phone_sealed：重新加密 3 条。" in said
    assert "notify.Channel.target：重新加密 1 条。" in said
    assert AuditEntry.objects.get(action="field_keys.rotate").data == {"resealed": 4, "unreadable": 0}

    settings.FIELD_KEYS = new
    for issue, phone in zip(issues, PHONES, strict=True):
        assert reporter_reveal(code=issue.code, reason="回访", actor=scope_of(staff)) == phone
    found = client_for(staff).get("/issues/", {"q": PHONES[0]}).content.decode()
    assert issues[0].code in found
    assert issues[1].code not in found
    assert target_of(Channel.objects.get()) == "me@example.com"
    assert "重新加密 0 条" in rotate()  # once more changes nothing


def test_a_new_cipher_is_taken_up_too(district: District, staff: User, settings: Any) -> None:
    called_in(district, staff, PHONES[0])
    settings.FIELD_CIPHER = "sm4-gcm"
    rotate()
    assert Reporter.objects.get().phone_sealed.split(".")[1] == "sm4-gcm"
    assert masked_phone(Reporter.objects.get()) == "138****0001"


def test_what_no_key_opens_is_left_and_told_and_the_rest_is_done(
    district: District, staff: User, settings: Any
) -> None:
    lost, old, new = key(1), key(2), key(3)
    settings.FIELD_KEYS = lost
    unreadable = called_in(district, staff, PHONES[0])
    settings.FIELD_KEYS = old
    readable = called_in(district, staff, PHONES[1])
    before = Reporter.objects.get(issue=unreadable).phone_sealed
    settings.FIELD_KEYS = f"{old},{new}"
    with pytest.raises(CommandError, match="1 条无法解密"):
        rotate()
    assert Reporter.objects.get(issue=unreadable).phone_sealed == before
    assert Reporter.objects.get(issue=readable).phone_sealed.startswith("3.")


def test_every_sealed_column_says_what_its_rows_are_bound_to() -> None:
    columns = dict.fromkeys(f"{model._meta.label}.{field.name}" for model, field in field_keys.sealed_columns())
    assert {"casework.Reporter.phone_sealed", "notify.Channel.target"} <= set(columns)
    for model, field in field_keys.sealed_columns():
        assert hasattr(model, field.context), field
        assert not field.find or model._meta.get_field(field.find), field
        assert bool(field.find) == bool(field.purpose), field
    strays = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.name.endswith("_sealed") and not isinstance(field, SealedField)
    ]
    assert strays == []
