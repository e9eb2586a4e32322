"""People are planted through the pages of a running portal with its worker; then everything it leaves behind is read: the database, the backup,
sessions, caches, queues and what passed through them, logs, stored files, exports, pages of those who read masks, error pages.

None of it may hold an ID number, a telephone, a card or a name of theirs in clear. In clear they appear only where a person with the right to it
asked: a reveal, the pages of an aid officer, the form that goes back to whoever typed it.
"""

import base64
import codecs
import io
import json
import re
import tarfile
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import redis
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connections

from hardship.models import Lead
from tests.hardship.planting import PLANTS, Ground
from tests.people import District, scope_of
from unionportal.core.common.exchange.kinds import export_kinds
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Role
from unionportal.core.jobs.models import Job
from unionportal.embedded.process import wait_until
from unionportal.reporting.backup import write_backup

pytestmark = pytest.mark.browser
#: Who reads masks and never a person's data.
MASKED = (Role.STAFF, Role.LEADER, Role.TOWNSHIP, Role.CADRE)


@contextmanager
def overheard(url: str) -> Iterator[list[bytes]]:
    """Every command that passes through Valkey meanwhile: task arguments, results, what is cached."""
    heard: list[bytes] = []
    client = redis.Redis.from_url(url)

    def listen() -> None:
        with suppress(redis.ConnectionError, ValueError, OSError), client.monitor() as monitor:
            for command in monitor.listen():
                said = codecs.escape_decode(command["command"].encode())[0]  # MONITOR escapes bytes
                heard.append(said)
                # Celery's messages carry their body in base64.
                heard.extend(base64.b64decode(body) for body in re.findall(rb'"body": "([A-Za-z0-9+/=]+)"', said))

    threading.Thread(target=listen, daemon=True).start()
    with redis.Redis.from_url(url) as speaker:
        assert wait_until(lambda: bool(speaker.ping() and heard), seconds=10, interval=0.05)
    try:
        yield heard
    finally:
        with redis.Redis.from_url(url) as speaker:
            speaker.echo("all heard")
            assert wait_until(lambda: any(b"all heard" in each for each in heard[-200:]), seconds=10, interval=0.05)
        client.close()


def held_by_valkey(url: str) -> Iterator[tuple[str, bytes]]:
    """Every key of every database with its value."""
    for number in range(16):
        with redis.Redis.from_url(url, db=number) as client:
            for key in client.scan_iter():
                with suppress(redis.ResponseError):
                    yield f"valkey {number}", key + (client.dump(key) or b"") + _plain(client, key)


def _plain(client: Any, key: bytes) -> bytes:
    """A value as text: a dump may be compressed."""
    kind = client.type(key)
    if kind == b"string":
        return bytes(client.get(key) or b"")
    if kind == b"list":
        return b" ".join(client.lrange(key, 0, -1))
    if kind == b"hash":
        return str(client.hgetall(key)).encode()
    return b" ".join(client.smembers(key)) if kind == b"set" else b""


def dumped() -> Iterator[tuple[str, bytes]]:
    """Every table as the owner copies it out."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            with cursor.copy(f"COPY {table} TO STDOUT") as copy:
                yield f"table {table}", b"".join(bytes(part) for part in copy)


def sessions() -> Iterator[tuple[str, bytes]]:
    for session in Session.objects.all():
        yield "session", json.dumps(session.get_decoded(), ensure_ascii=False).encode()


def backed_up(folder: Path) -> Iterator[tuple[str, bytes]]:
    write_backup(folder / "portal.tar.gz")
    with tarfile.open(folder / "portal.tar.gz") as archive:
        for member in archive:
            if (stream := archive.extractfile(member)) is not None:
                yield f"backup {member.name}", stream.read()


def sizes(*folders: Path) -> dict[Path, int]:
    """Every file there is already, and how long it is."""
    return {path: path.stat().st_size for folder in folders for path in folder.rglob("*") if path.is_file()}


def stored(folder: Path, before: dict[Path, int]) -> Iterator[tuple[str, bytes]]:
    """What was written below a folder since; what is packed also unpacked."""
    for path, size in sizes(folder).items():
        if size == before.get(path):
            continue
        content = path.read_bytes()
        if path.suffix == ".log":
            content = content[before.get(path, 0) :]
        yield str(path.relative_to(folder)), content
        if zipfile.is_zipfile(io.BytesIO(content)):
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                for name in parts.namelist():
                    yield f"{path.name}/{name}", parts.read(name)


def exported(ground: Ground) -> None:
    """Every kind of export, asked for by everybody who may, written by the worker."""
    for kind in export_kinds():
        for desk in ground.desks.values():
            if allowed(scope_of(desk.user), kind.action) and allowed(scope_of(desk.user), "export.run"):
                desk.post(f"/exports/new/?of={kind.code}", id=str(uuid4()), kind=kind.code, format="csv")
    assert Job.objects.filter(way="export").exists()
    assert wait_until(
        lambda: not Job.objects.filter(state__in=["queued", "running"]).exists(), seconds=60, interval=0.1
    )


def failing(ground: Ground) -> bytes:
    """A save that the database refuses for a reason nobody foresaw: the row stands in its message, and the page is that of an error."""
    aid = ground[Role.AID]
    given = {
        "uuid": str(uuid4()), "name": ground.name(), "cause": "8", "township": str(ground.district.township().pk),
        "id_number": ground.number(), "phone": ground.phone(), "words": "意外受伤。", "unit_name": "",
    }  # fmt: skip
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE hardship_lead ADD CONSTRAINT never CHECK (cause <> '8') NOT VALID")
        try:
            answer = aid.post("/hardship/leads/new/", **given)
        finally:
            cursor.execute("ALTER TABLE hardship_lead DROP CONSTRAINT never")
    assert answer.status == 500
    return answer.body


def looked_at(ground: Ground) -> Iterator[tuple[str, bytes]]:
    """The pages of those who read masks, and answers in error to everybody. A form with what was typed (422, or 409 after
    somebody else's save) goes back to who typed it."""
    lead, addresses = (
        Lead.objects.earliest("pk"),
        ["/", "/hardship/", "/hardship/leads/", "/hardship/watch/", "/notifications/"],
    )
    addresses += [
        f"/hardship/{lead.file.code}/",
        f"/hardship/leads/{lead.code}/",
        f"/hardship/{lead.file.code}/reveal/",
        f"/api/v1/hardship/files/{lead.file.code}/",
        "/api/v1/hardship/leads/",
        "/api/v1/hardship/files/",
    ]
    for role in MASKED:
        for address in addresses:
            answer = ground[role].get(address)
            yield f"{role} {address} ({answer.status})", answer.body
    for role, desk in ground.desks.items():
        for answer in desk.answers:
            if answer.status in (400, 403, 404, 500) or (answer.status == 409 and not answer.url.endswith("/edit/")):
                yield f"{role} {answer.url} ({answer.status})", answer.body


def test_nothing_of_a_person_is_left_in_clear(
    district: District, live_portal: Any, celery_worker_process: Any, redis_url: str, tmp_path: Path
) -> None:
    district.enterprise()
    ground = Ground(district, live_portal.url)
    home = Path(settings.PORTAL_HOME)
    of_server = Path(connections["owner"].settings_dict["HOST"]).parent  # the run's workers share one cluster
    before = sizes(home / "logs", of_server / "logs", home / "media")
    with overheard(redis_url) as heard:
        for plant in PLANTS:
            plant(ground)
        error_page = failing(ground)
        exported(ground)
        places = [("error page", error_page), *looked_at(ground), *held_by_valkey(redis_url)]
    places.append(("valkey traffic", b"\n".join(heard)))
    places += [*dumped(), *sessions(), *backed_up(tmp_path)]
    places += [
        each for folder in (home / "logs", of_server / "logs", home / "media") for each in stored(folder, before)
    ]

    assert leaks(places, ground) == set()
    permitted = [(answer.url, answer.body) for answer in ground[Role.AID].answers]
    assert leaks(permitted, ground) != set()  # the eye that found nothing sees what an aid officer may
    names = {place.split(" ")[0] for place, _ in places}
    assert {"table", "backup", "session", "valkey", "error", "web.log", "worker.log", "postgres.log"} <= names
    assert any(b"hardship_lead" in content for place, content in places if place == "web.log")  # the failure was told
    assert b"jobs.run" in dict(places)["valkey traffic"]  # and the worker's tasks were overheard


def leaks(places: list[tuple[str, bytes]], ground: Ground) -> set[str]:
    """Which planted text stands in which place."""
    wanted = {text: _spellings(text) for text in (*ground.numbers, *ground.names)}
    return {
        f"{text} in {place}"
        for place, content in places
        for text, ways in wanted.items()
        if any(way in content for way in ways)
    }


def _spellings(text: str) -> tuple[bytes, ...]:
    """As UTF-8, as JSON escapes it, and as spreadsheets of before saved it."""
    return tuple({text.encode(), json.dumps(text)[1:-1].encode(), text.encode("gb18030")})
