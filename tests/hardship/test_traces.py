"""A household goes through the portal, right and wrong turns alike; then everything that was stored or said is read for what was planted in clear."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from python_calamine import CalamineWorkbook  # noqa: F401  loaded before the log is watched

from hardship.models import HardshipFile, ProtectedBook
from tests.hardship.cast import Cast, id_number
from tests.hardship.test_import import HEADINGS
from tests.jobs.builders import ask_export, ask_import, xlsx
from unionportal.reporting.backup import tables

pytestmark = pytest.mark.usefixtures("committed_db")
HIM, HER, BROUGHT, WRONG = id_number(801), id_number(802), id_number(803), id_number(804)[:-1] + "?"
PHONE, CARD, NAME, STREET, ILLNESS = "13987654321", "6222020200112233446", "欧阳植示", "植示路 9 号", "植示性贫血"
PLANTED = (HIM, HER, BROUGHT, WRONG, PHONE, CARD, NAME, STREET, ILLNESS)


def live_through(cast: Cast) -> list[str]:
    """What an aid officer and others do; the pages that refused them."""
    aid, leader, other = cast.client("aid_jishan"), cast.client("leader"), cast.client("aid_fusheng")
    sent = {
        "uuid": "7b1c6c1e-3f0a-4a55-9c0e-0d6f6f6c0010",
        "township": "330602006",
        "scheme": "current",
        "main_cause": "6",
        "model_worker": "none",
        "address": STREET,
        "card": CARD,
        "holder-name": NAME,
        "holder-phone": PHONE,
        "holder-illness": ILLNESS,
    }
    assert aid.post("/hardship/new/", {**sent, "holder-id_number": WRONG}).status_code == 422
    assert aid.post("/hardship/new/", {**sent, "holder-id_number": HIM}).status_code == 302
    file = HardshipFile.objects.get()
    url = f"/hardship/{file.code}/"
    member = {"version": 1, "name": "欧阳植例", "relation": "1", "id_number": HER}
    assert aid.post(f"{url}members/new/", member).status_code == 302
    refused = [
        leader.post(f"{url}reveal/", {"reason": "看看"}),
        other.get(url),
        other.post("/hardship/new/", {**sent, "uuid": "7b1c6c1e-3f0a-4a55-9c0e-0d6f6f6c0011", "holder-id_number": HIM}),
        aid.post(f"{url}edit/", {"version": 99, "township": "330602006", "main_cause": "6", "card": CARD}),
        leader.get(f"/api/v1/hardship/files/{file.code}/"),
    ]
    assert HIM in aid.post(f"{url}reveal/{file.holder.pk}/", {"reason": "核对"}).content.decode()
    assert aid.post("/hardship/find/", {"text": HIM}).status_code == 200
    assert aid.post("/hardship/books/", {"reason": "报送"}).status_code == 200
    assert aid.post(f"{url}subject/", {"reason": "本人申请", "member": file.holder.pk}).status_code == 200
    row = (BROUGHT, "本人或户主", NAME, BROUGHT, PHONE, "健康或良好", "稽山街道", "其他", STREET, CARD, "示例厂")
    told = ask_import(cast.users["aid_jishan"], "hardship", xlsx(HEADINGS, row, (*row[:3], WRONG, *row[4:])))
    assert told["problems"]
    ask_import(cast.users["aid_jishan"], "hardship", xlsx(HEADINGS, row))
    ask_import(cast.users["aid_jishan"], "hardship", xlsx(HEADINGS, row), dry_run=True)
    ask_export(cast.users["leader"], "hardship")
    # What the other officer typed themselves may come back to them; what they did not know may not.
    return [answer.content.decode() for answer in refused[:2] + refused[4:]]


def kept() -> Iterator[tuple[str, str]]:
    """Every row of every table, every file of the store, every key of the broker and cache."""
    with connection.cursor() as cursor:
        for table in [*tables(), "django_session"]:
            cursor.execute(f'SELECT string_agg(row_to_json(t)::text, chr(10)) FROM "{table}" t')
            yield table, cursor.fetchone()[0] or ""
    for path in Path(default_storage.location).rglob("*"):
        if path.is_file():
            yield str(path), path.read_bytes().decode("utf-8", "replace")
    store = redis.from_url(settings.REDIS_URL)
    for key in store.scan_iter():
        kind = store.type(key).decode()
        value: Any = (
            store.lrange(key, 0, -1)
            if kind == "list"
            else store.get(key)
            if kind == "string"
            else store.hgetall(key)
            if kind == "hash"
            else key
        )
        yield key.decode(), repr(value)


def test_nothing_of_anybody_is_left_in_clear(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        pages = live_through(cast)
    assert HardshipFile.objects.count() == 2
    assert ProtectedBook.objects.count() == 2
    places = [*kept(), ("log", caplog.text), *((f"page {n}", page) for n, page in enumerate(pages))]
    assert len(places) > 100
    found = [(place, planted) for place, text in places for planted in PLANTED if planted in text]
    assert found == []
