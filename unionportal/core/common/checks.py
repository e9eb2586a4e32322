"""Whether a database can hold the portal: asked by `migrate` before it makes a table, and by `make up` of a server that is not its own."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connections, transaction

#: For UNIQUE NULLS NOT DISTINCT.
OLDEST_POSTGRES = 15
CREATE = "CREATE DATABASE portal OWNER portal_owner ENCODING 'UTF8' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8' TEMPLATE template0"
NEW_DATABASE = f"另建数据库 (make the database anew): {CREATE}"
EXTENSIONS = ("pg_trgm", "btree_gist", "btree_gin")


@register(Tags.database)
def database_fits(app_configs: object, databases: Sequence[str] | None = None, **kwargs: Any) -> list[Error]:
    """Version, extensions, encoding, and a locale that knows Chinese characters for letters. Asked of the owner: the web role makes no extension."""
    if "owner" not in (databases or ()):
        return []
    connection = connections["owner"]
    with transaction.atomic(using="owner"), connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')")
        version, encoding = cursor.fetchone()
        if version < OLDEST_POSTGRES:
            hint = f"使用 PostgreSQL {OLDEST_POSTGRES} 或更新版本 (use a newer one)"
            return [Error(f"数据库是 PostgreSQL {version} (too old)", hint=hint, id="portal.E001")]
        if encoding != "UTF8":
            return [Error(f"数据库的编码是 {encoding}，不是 UTF8 (encoding)", hint=NEW_DATABASE, id="portal.E002")]
        try:
            for extension in EXTENSIONS:
                cursor.execute(f"CREATE EXTENSION IF NOT EXISTS {extension}")
            cursor.execute("SELECT cardinality(show_trgm('困难职工'))")
            found = cursor.fetchone()[0]
        except DatabaseError as error:
            hint = f"安装 postgresql-contrib，并以超级用户在此库运行 (as a superuser): {_create_extensions()}"
            return [Error(str(error).strip(), hint=hint, id="portal.E003")]
        finally:
            transaction.set_rollback(True, using="owner")  # a question leaves nothing behind
    if not found:
        cause = "数据库的区域设置不认汉字，中文检索会找不到 (this locale finds nothing in Chinese text)"
        return [Error(cause, hint=NEW_DATABASE, id="portal.E004")]
    return []


def _create_extensions() -> str:
    return " ".join(f"CREATE EXTENSION {name};" for name in EXTENSIONS)
