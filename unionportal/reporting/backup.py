"""Everything the portal keeps, in one file: a tar of `manifest.json`, one COPY text a table, and the attachments.

Needs no program of the server's version at hand, only the connection; consistent while the portal runs, because every table is read in
one snapshot. Encryption keys are not in it: they are kept apart from what they open (docs/operations.md).
"""

import io
import json
import os
import tarfile
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from psycopg import sql

from unionportal.core.files.models import Attachment

FORMAT = 1
MANIFEST = "manifest.json"
#: Whoever is signed in signs in again after a restore.
LEFT_OUT = frozenset({"django_session", "django_migrations"})


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds: rows a table, the schema they are of, where the sequences stand."""

    format: int
    made_at: str
    migrations: list[list[str]]
    columns: dict[str, list[str]]
    rows: dict[str, int]
    sequences: dict[str, list[Any]]
    files: dict[str, str] = field(default_factory=dict)  # path -> SHA-256

    @property
    def total(self) -> int:
        return sum(self.rows.values())


def tables() -> list[str]:
    """Every table of the portal's models, many-to-many ones included, but those left out."""
    models = apps.get_models(include_auto_created=True)
    return sorted({m._meta.db_table for m in models if m._meta.managed and not m._meta.proxy} - LEFT_OUT)


def write_backup(path: Path) -> Manifest:
    """Write the backup beside `path` and put it there once it is whole, readable by this user alone. Raises OSError."""
    fresh = path.with_name(f"{path.name}.part")
    try:
        with open(fresh, "xb", opener=_private) as stream, tarfile.open(fileobj=stream, mode="w:gz") as archive:
            manifest = _fill(archive)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return manifest


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _fill(archive: tarfile.TarFile) -> Manifest:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        manifest = _manifest()
        for table in tables():
            manifest.rows[table] = _add_table(archive, table, manifest.columns[table])
        attached = list(Attachment.objects.order_by("pk").values_list("file", "sha256"))
    for name, digest in attached:
        _add_file(archive, name)
        manifest.files[name] = digest
    # Last, so that a file cut short has none and is refused.
    _add_bytes(archive, MANIFEST, json.dumps(asdict(manifest), ensure_ascii=False).encode())
    return manifest


def _manifest() -> Manifest:
    applied = sorted(MigrationRecorder(connection).applied_migrations())
    columns = {table: stored_columns(table) for table in tables()}
    return Manifest(
        format=FORMAT,
        made_at=timezone.now().isoformat(timespec="seconds"),
        migrations=[list(one) for one in applied],
        columns=columns,
        rows={},
        sequences=_sequences(),
    )


def stored_columns(table: str) -> list[str]:
    """The columns a COPY may fill, in their order: not those the database computes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
            "AND attgenerated = '' ORDER BY attnum",
            [f'"{table}"'],
        )
        return [name for (name,) in cursor.fetchall()]


def _sequences() -> dict[str, list[Any]]:
    """Sequence -> [last value, whether it was given out], so that no number is given twice after a restore."""
    found = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1")
        for (name,) in cursor.fetchall():
            cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name)))
            found[name] = list(cursor.fetchone())
    return found


def copy_statement(table: str, columns: list[str], direction: str) -> sql.Composed:
    """COPY table (columns) TO STDOUT or FROM STDIN."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    return sql.SQL("COPY {} ({}) " + direction).format(sql.Identifier(table), names)


def _add_table(archive: tarfile.TarFile, table: str, columns: list[str]) -> int:
    """The table's rows; returns how many. Spooled first, for a tar entry begins with its size."""
    with tempfile.SpooledTemporaryFile(max_size=16 * 2**20) as spool, connection.cursor() as cursor:
        with cursor.copy(copy_statement(table, columns, "TO STDOUT")) as copy:
            for data in copy:
                spool.write(data)
        rows = cursor.rowcount
        _add_stream(archive, f"tables/{table}", spool, spool.tell())
    return rows


def _add_file(archive: tarfile.TarFile, name: str) -> None:
    """An attachment; one that is not there any more is found missing at the restore, and by check_integrity before."""
    if default_storage.exists(name):
        with default_storage.open(name, "rb") as stream:
            _add_stream(archive, f"files/{name}", stream, default_storage.size(name))


def _add_bytes(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    _add_stream(archive, name, io.BytesIO(data), len(data))


def _add_stream(archive: tarfile.TarFile, name: str, stream: Any, size: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    stream.seek(0)
    archive.addfile(info, stream)
