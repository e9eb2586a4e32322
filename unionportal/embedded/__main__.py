"""`python3 -m unionportal.embedded up | serve | install [--dev] [--system] | check`."""

import os
import sys

from .environment import exclusively, install_system
from .errors import SetupError
from .home import ROOT, Home
from .progress import Progress
from .up import main as up
from .up import prepare_environment


def install(*flags: str) -> int:
    """Environment and front-end files; with --system also what browser and document tests need."""
    progress = Progress()
    try:
        prepare_environment(progress, Home.from_environ(), dev="--dev" in flags)
        if "--system" in flags:
            with exclusively():
                install_system(progress)
    except SetupError as error:
        print("\n" + error.report(), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def main() -> int:
    """Dispatch; the clone's folder is the working directory of every step."""
    os.chdir(ROOT)
    command, *flags = sys.argv[1:] or ["up"]
    if command in ("up", "serve"):
        up(command)
    if command == "install":
        return install(*flags)
    if command == "check":
        from .check import check

        return check(*flags)
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main())
