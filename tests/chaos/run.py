"""The long fault suite: `python -m tests.chaos.run [--rounds N] [--phones N]`.

A portal of its own (PostgreSQL, Valkey, web, worker, beat) in a temporary directory. Phones log visits, each with an issue, and repeat one that was
not acknowledged under the same id, as a phone does. Meanwhile every round kills one thing with SIGKILL and starts it again: the worker in
the middle of a rollup, Valkey, the web server, beat. At the end nothing acknowledged may be missing or doubled, and the kept figures must equal a full
computation. The last line is `acknowledged N lost N doubled N`; the exit status is 1 where anything is wrong.
"""

import argparse
import contextlib
import os
import random
import sys
import threading
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tests import servers

if TYPE_CHECKING:
    from tests.chaos.clients import Phone
    from tests.processes import Process

QUIET_SECONDS = 120.0


class Caller(threading.Thread):
    """A phone that logs one visit after another until told to stop, and never gives up on one."""

    def __init__(self, phone: "Phone", stop: threading.Event) -> None:
        super().__init__()
        self.phone = phone
        self.stop = stop
        self.acknowledged: list[uuid.UUID] = []
        self.refused: list[int] = []
        self.repeats = 0

    def run(self) -> None:
        while not self.stop.is_set():
            visit = uuid.uuid4()
            status = self.phone.log_visit(visit)
            while status not in (200, 201):
                if 400 <= status < 500:
                    self.refused.append(status)
                    return
                self.repeats += 1
                self.stop.wait(0.2)
                status = self.phone.log_visit(visit)
            self.acknowledged.append(visit)
            self.stop.wait(0.05)


class Town:
    """The portal under test and the things that can be killed in it."""

    def __init__(self) -> None:
        from tests.processes import Portal, Process, Worker

        self.web = Portal()
        self.worker = Worker()
        schedule = os.path.join(os.environ["PORTAL_HOME"], "beat")
        arguments = ["-m", "celery", "-A", "unionportal", "beat", "--loglevel", "INFO", "-s", schedule]
        self.beat = Process("beat", [sys.executable, *arguments])
        self.valkey = servers._running[-1].valkey

    def start(self) -> None:
        """Everything up; the schedule is tightened so that the sweep is seen to heal within a round."""
        self.web.start()
        self.worker.start()
        self.beat.start()

    def stop(self) -> None:
        for process in (self.beat, self.worker, self.web):
            process.stop()

    def tell(self) -> None:
        """The ends of the logs, for whoever must find out why a round failed."""
        from unionportal.embedded.process import tail

        for process in (self.web, self.worker, self.beat):
            print(f"--- {process.name}\n{tail(process.log, 40)}", file=sys.stderr, flush=True)

    def restart(self, process: "Process") -> None:
        from tests.chaos.faults import kill_group

        kill_group(process)
        process.child = None
        process.start()

    def kill_worker_in_the_middle(self) -> None:
        """A refresher is held half way, the worker dies, the lock is let go, a new worker comes."""
        from tests.chaos.faults import kill_group, stopped_in_the_middle

        with stopped_in_the_middle() as watch:
            watch.until_waiting(tend=self.worker.tend)
            kill_group(self.worker)
        self.worker.child = None
        self.worker.start()

    def kill_valkey(self) -> None:
        assert self.valkey is not None
        assert self.valkey.child is not None
        self.valkey.child.kill()
        self.valkey.child.wait()
        threading.Event().wait(3)  # phones go on without a broker
        self.valkey.start()

    def kill_web(self) -> None:
        self.restart(self.web)

    def kill_beat(self) -> None:
        self.restart(self.beat)


FAULTS = ("kill_worker_in_the_middle", "kill_valkey", "kill_web", "kill_beat")


@contextlib.contextmanager
def portal() -> Iterator[None]:
    """Servers, settings and an empty database with one small district; all gone afterwards."""
    servers._environment()
    started = servers.Servers(servers.Home.from_environ())
    os.environ.update(started.start())
    servers._running.append(started)
    os.environ["DJANGO_SETTINGS_MODULE"] = "unionportal.settings"
    try:
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", database="owner", verbosity=0)
        yield
    finally:
        servers.pytest_unconfigure()


def phones(number: int, url: str) -> "list[Phone]":
    """Cadres of a small district, each with a phone."""
    from tests.chaos.clients import Phone
    from tests.people import make_district

    district = make_district()
    code = district.enterprise(1).credit_code
    return [Phone.of(district.cadre(), url=url, enterprise=code) for _ in range(number)]


def figures_agree(town: Town) -> bool:
    """The outbox worked off by worker and beat alone, then kept against recomputed, and the log against the columns."""
    from casework.models import RollupOutbox
    from unionportal.embedded.process import wait_until
    from unionportal.reporting.integrity import disagreements

    def worked_off() -> bool:
        town.worker.tend()
        return not RollupOutbox.objects.exists()

    if not wait_until(worked_off, seconds=QUIET_SECONDS, interval=0.5):
        print(f"the outbox still has {RollupOutbox.objects.count()} rows after {QUIET_SECONDS:.0f} s")
        return False
    found = disagreements()
    for line in found[:20]:
        print(line)
    return not found


def verdict(callers: list[Caller]) -> tuple[int, int, int]:
    """Acknowledged visits, those (or their issue) that are missing, and those that are there more than once."""
    from django.db.models import Count

    from casework.models import Issue
    from visits.models import Visit

    acknowledged = [visit for caller in callers for visit in caller.acknowledged]
    kept = set(Visit.objects.values_list("id", flat=True))
    raised = dict(
        Issue.objects.filter(source_kind=Issue.Source.VISIT).values_list("source_uuid").annotate(number=Count("pk"))
    )
    lost = sum(1 for visit in acknowledged if visit not in kept or not raised.get(visit))
    doubled = len(acknowledged) - len(set(acknowledged)) + sum(1 for number in raised.values() if number > 1)
    return len(acknowledged), lost, doubled


def main() -> int:
    """Play the rounds; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--phones", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with portal():
        town = Town()
        stop = threading.Event()
        town.start()
        callers = [Caller(phone, stop) for phone in phones(options.phones, town.web.url)]
        try:
            for caller in callers:
                caller.start()
            _play(town, options.rounds, random.Random(options.seed), callers)
            stop.set()
            for caller in callers:
                caller.join()
            agree = figures_agree(town)
        except BaseException:
            town.tell()
            raise
        finally:
            stop.set()
            town.stop()
        acknowledged, lost, doubled = verdict(callers)
        refused = [status for caller in callers for status in caller.refused]
        print(f"repeated {sum(c.repeats for c in callers)} refused {refused} figures {'equal' if agree else 'DIFFER'}")
        print(f"acknowledged {acknowledged} lost {lost} doubled {doubled}", flush=True)
    return 0 if agree and acknowledged and not (lost or doubled or refused) else 1


def _play(town: Town, rounds: int, chance: random.Random, callers: list[Caller]) -> None:
    """Every fault at least once where the rounds suffice, then any."""
    plan = [FAULTS[i] if i < len(FAULTS) else chance.choice(FAULTS) for i in range(rounds)]
    for number, fault in enumerate(plan, start=1):
        threading.Event().wait(chance.uniform(0.5, 3.0))
        before = sum(len(caller.acknowledged) for caller in callers)
        getattr(town, fault)()
        after = sum(len(caller.acknowledged) for caller in callers)
        print(f"round {number}: {fault}, {after - before} visits logged meanwhile", flush=True)


if __name__ == "__main__":
    sys.exit(main())
