"""A backup back into an empty database, whole or not at all."""

import json
import tarfile
from pathlib import Path

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import connections, transaction
from django.db.migrations.executor import MigrationExecutor
from psycopg import sql

from unionportal.core.common.errors import Conflict
from unionportal.reporting.backup import FORMAT, MANIFEST, Manifest, copy_statement, tables

OWNER = "owner"
CHUNK = 2**20
#: A database with rows in any of these has been worked with.
TELLING = ("orgs_unit", "accounts_user", "orgs_enterprise", "casework_issue", "visits_visit", "audit_auditentry")


def read_manifest(path: Path) -> Manifest:
    """What the file holds. Raises Conflict for what is no backup, or one cut short."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            stream = archive.extractfile(MANIFEST)
            manifest = Manifest(**json.load(stream)) if stream else None
    except (tarfile.TarError, KeyError, TypeError, ValueError, EOFError) as error:
        raise Conflict(f"{path} 不是完整的备份文件（{error}）。") from None
    if manifest is None or manifest.format != FORMAT:
        raise Conflict(f"{path} 的备份格式不是本版本能读的。")
    return manifest


def restore_backup(path: Path) -> Manifest:
    """Fill an empty database and the media directory; afterwards the schema is brought to the present version.

    Raises Conflict where the database holds work, where the backup is of a newer version, or where an attachment would overwrite another file.
    """
    manifest = read_manifest(path)
    _refuse_work()
    _bring_schema_to({(app, name) for app, name in manifest.migrations})
    written: list[str] = []
    try:
        with tarfile.open(path, "r:gz") as archive, transaction.atomic(using=OWNER):
            _empty_tables()
            _set_triggers("DISABLE")
            for member in archive:
                kind, _, name = member.name.partition("/")
                if kind == "tables" and name in manifest.columns:
                    _fill_table(archive, member, name, manifest)
                elif kind == "files" and name in manifest.files and _restore_file(archive, member, name):
                    written.append(name)
            _set_sequences(manifest)
            _set_triggers("ENABLE")
    except BaseException:
        for name in written:
            default_storage.delete(name)
        raise
    _bring_schema_to(None)
    return manifest


def _refuse_work() -> None:
    with connections[OWNER].cursor() as cursor:
        for table in TELLING:
            cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [table])
            if not cursor.fetchone()[0]:
                continue
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)))
            if cursor.fetchone()[0]:
                raise Conflict("数据库里已有数据，备份只能恢复到空的数据库。")


def _bring_schema_to(wanted: set[tuple[str, str]] | None) -> None:
    """Migrate to exactly these migrations, or (None) to the present version."""
    executor = MigrationExecutor(connections[OWNER])
    if wanted is None:
        executor.migrate(executor.loader.graph.leaf_nodes())
        return
    if wanted - set(executor.loader.graph.nodes):
        raise Conflict("备份来自更新的版本，请先升级程序再恢复。")
    if set(executor.loader.applied_migrations) - wanted:
        raise Conflict("数据库的结构比备份新，请恢复到还没有建表的空数据库。")
    executor.migrate([node for node in sorted(wanted) if _is_last(node, wanted, executor)])


def _is_last(node: tuple[str, str], wanted: set[tuple[str, str]], executor: MigrationExecutor) -> bool:
    """Whether nothing wanted comes after it in its app: a target with followers applied would be migrated back to."""
    children = executor.loader.graph.node_map[node].children
    return not any(child.key in wanted and child.key[0] == node[0] for child in children)


def _empty_tables() -> None:
    """What migrations put in (categories, content types) comes from the backup instead."""
    present = connections[OWNER].introspection.table_names()
    names = sql.SQL(", ").join(sql.Identifier(table) for table in tables() if table in present)
    with connections[OWNER].cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))


def _set_triggers(what: str) -> None:
    """Rows come as they were: what triggers once made of them (balances of the ledger) is among them. Foreign keys are checked before triggers return."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in connections[OWNER].introspection.table_names(cursor):
            cursor.execute(sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(table), sql.SQL(what)))
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _fill_table(archive: tarfile.TarFile, member: tarfile.TarInfo, table: str, manifest: Manifest) -> None:
    """Foreign keys are checked once all are in, so tables come in any order."""
    stream = archive.extractfile(member)
    assert stream is not None
    with connections[OWNER].cursor() as cursor:
        with cursor.copy(copy_statement(table, manifest.columns[table], "FROM STDIN")) as copy:
            while data := stream.read(CHUNK):
                copy.write(data)
        if cursor.rowcount != manifest.rows[table]:
            raise Conflict(f"表 {table} 应有 {manifest.rows[table]} 行，读到 {cursor.rowcount} 行，备份已损坏。")


def _restore_file(archive: tarfile.TarFile, member: tarfile.TarInfo, name: str) -> bool:
    """Whether it was written: one that is there already stays, and check_integrity says whether it is the right one."""
    if default_storage.exists(name):
        return False
    stream = archive.extractfile(member)
    assert stream is not None
    default_storage.save(name, File(stream))
    return True


def _set_sequences(manifest: Manifest) -> None:
    with connections[OWNER].cursor() as cursor:
        for name, (value, called) in manifest.sequences.items():
            cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{name}"', value, called])
