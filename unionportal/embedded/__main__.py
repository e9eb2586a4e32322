"""`python3 -m unionportal.embedded up | serve | install [--dev] [--system] | check`."""

import os
import sys

from .environment import exclusively, install_system
from .errors import SetupError, system_failure
from .home import ROOT, Home
from .progress import Progress
from .up import prepare_environment, serve, up


def install(progress: Progress, *flags: str) -> int:
    """Environment and front-end files; with --system also what browser and document tests need."""
    prepare_environment(progress, Home.from_environ(), dev="--dev" in flags)
    if "--system" in flags:
        with exclusively(progress):
            install_system(progress)
    return 0


def run(progress: Progress, command: str, *flags: str) -> int:
    """The command's exit status. Raises SetupError, OSError."""
    if command == "up":
        up(progress)
    if command == "serve":
        return serve(progress)
    if command == "install":
        return install(progress, *flags)
    if command == "check":
        from .check import check

        return check(*flags)
    print(__doc__, file=sys.stderr)
    return 2


def main() -> int:
    """Run a command in the clone's folder; a failure of any of them is a step, a cause and a mend, an interruption is quiet."""
    os.chdir(ROOT)
    progress = Progress()
    command, *flags = sys.argv[1:] or ["up"]
    try:
        return run(progress, command, *flags)
    except SetupError as error:
        failure = error
    except OSError as error:
        failure = system_failure(progress.name, error)
    except KeyboardInterrupt:
        return 0 if command == "serve" else 130
    print("\n" + failure.report(), file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
