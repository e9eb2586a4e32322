"""`backup` and `restore`, as an operator runs them: from one database and media directory into another, whole or not at all."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from tests.databases import Database, blank, migrated

#: Each process of the test run works on databases of its own.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")

ATTACH = """
import io
from PIL import Image
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from unionportal.core.accounts.models import User
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import attachment_store
picture = io.BytesIO()
Image.new("RGB", (8, 8), "red").save(picture, "PNG")
with transaction.atomic():
    row = attachment_store(
        upload=SimpleUploadedFile("车间.png", picture.getvalue()), actor=Scope(user_id=User.objects.first().pk)
    )
print(row.file.name)
"""

#: Money in a fund: balances are made by triggers, which must not make them twice.
FUND = """
from decimal import Decimal
from uuid import uuid4
from hardship.services.funds import fund_allot, fund_create
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
staff = Scope(user_id=User.objects.first().pk, roles=frozenset({"staff"}), district=True)
today = clock.today()
fund = fund_create(uuid=uuid4(), name="专项", source="city", budget=Decimal(500), start_on=today, end_on=today, actor=staff)
fund_allot(fund_id=fund.pk, uuid=uuid4(), amount=Decimal(500), happened_on=today, actor=staff)
"""


@dataclass
class Place:
    """A database with the directory of its attachments."""

    database: Database
    media: Path

    def run(self, *argv: str) -> tuple[int, str]:
        """A command's exit status and everything it said."""
        done = self.database.manage(*argv, MEDIA_ROOT=str(self.media))
        return done.returncode, done.stdout + done.stderr

    def contents(self) -> dict[str, str]:
        """A fingerprint of every table but sessions and the list of migrations."""
        names = [
            name
            for (name,) in self.database.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            if name not in ("django_session", "django_migrations")
        ]
        assert len(names) > 20
        digest = "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{}\" t"
        return {name: self.database.one(digest.format(name)) for name in names}


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A district with issues, visits, figures and one attachment."""
    place = Place(migrated(f"backup_{WORKER}_scale"), tmp_path_factory.mktemp("full"))
    code, said = place.run("seed_scale", "--issues", "60", "--visits", "80", "--months", "6")
    assert code == 0, said
    code, said = place.run("shell", "-v0", "-c", ATTACH)
    assert code == 0, said
    code, said = place.run("shell", "-v0", "-c", FUND)
    assert code == 0, said
    assert place.run("check_integrity")[0] == 0
    return place


@pytest.fixture(scope="module")
def file(full: Place, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup."""
    path = tmp_path_factory.mktemp("backup") / "区总工会 2025.tar.gz"
    code, said = full.run("backup", str(path))
    assert code == 0, said
    assert "1 个附件" in said
    assert path.stat().st_mode & 0o077 == 0, "others could read it"
    return path


@pytest.fixture
def bare(tmp_path: Path) -> Place:
    """A database without a table."""
    return Place(blank(f"backup_{WORKER}_target"), tmp_path / "media")


def test_everything_comes_back_and_work_goes_on(full: Place, file: Path, bare: Place) -> None:
    code, said = bare.run("restore", str(file))
    assert code == 0, said
    assert "没有发现不一致" in said
    assert bare.contents() == full.contents()
    (stored,) = bare.database.rows("SELECT file FROM files_attachment")
    assert (bare.media / stored[0]).read_bytes() == (full.media / stored[0]).read_bytes()
    # New rows take new numbers, and the web role may still write.
    assert bare.run("shell", "-v0", "-c", ATTACH)[0] == 0
    again = "INSERT INTO casework_issuenote (issue_id, text) SELECT id, '' FROM casework_issue LIMIT 1 RETURNING id"
    with psycopg.connect(bare.database.environ["DATABASE_URL"]) as connection:
        row = connection.execute(again).fetchone()
    assert row
    code, said = bare.run("shell", "-v0", "-c", FUND.replace("专项", "又一笔"))
    assert code == 0, said
    with psycopg.connect(bare.database.environ["DATABASE_OWNER_URL"]) as connection, pytest.raises(psycopg.Error):
        connection.execute("UPDATE hardship_ledgeraccount SET balance = 1 WHERE kind = 'available'")
    assert row[0] > (full.database.one("SELECT coalesce(max(id), 0) FROM casework_issuenote"))


def test_a_database_that_was_only_migrated_counts_as_empty(full: Place, file: Path, tmp_path: Path) -> None:
    fresh = Place(migrated("backup_migrated"), tmp_path / "media")
    code, said = fresh.run("restore", str(file))
    assert code == 0, said
    assert fresh.contents() == full.contents()


def test_a_database_with_work_in_it_is_left_alone(full: Place, file: Path) -> None:
    before = full.contents()
    code, said = full.run("restore", str(file))
    assert code != 0
    assert "空的数据库" in said
    assert full.contents() == before


def test_a_file_cut_short_changes_nothing(file: Path, bare: Place, tmp_path: Path) -> None:
    short = tmp_path / "short.tar.gz"
    short.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    code, said = bare.run("restore", str(short))
    assert code != 0
    assert "不是完整的备份文件" in said
    assert bare.database.one("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0


def test_an_older_backup_is_never_overwritten(full: Place, file: Path) -> None:
    before = file.read_bytes()
    code, said = full.run("backup", str(file))
    assert code != 0
    assert "已存在" in said
    assert file.read_bytes() == before


@pytest.mark.parametrize("harm", ["gone", "altered"])
def test_an_attachment_that_is_gone_or_altered_is_named(full: Place, tmp_path: Path, harm: str) -> None:
    place = Place(full.database, tmp_path / "media")
    shutil.copytree(full.media, place.media)
    (stored,) = place.database.rows("SELECT file FROM files_attachment")
    victim = place.media / stored[0]
    if harm == "gone":
        victim.unlink()
    else:
        victim.write_bytes(victim.read_bytes()[::-1])
    code, said = place.run("check_integrity")
    assert code != 0
    assert stored[0] in said
