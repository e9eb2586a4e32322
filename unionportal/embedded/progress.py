"""What set-up says while it works: one numbered line a step, and what it is doing right now."""

import sys
import time


class Progress:
    """Prints steps; on a terminal the current activity overwrites itself, elsewhere it is thinned out."""

    THIN_SECONDS = 2.0

    def __init__(self) -> None:
        for stream in (sys.stdout, sys.stderr):
            if hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace", line_buffering=True)
        self.name = "准备 (set-up)"
        self.number = 0
        self._noted = 0.0
        self._began = 0.0

    def step(self, name: str) -> None:
        """Begin a step; a failure from here on carries its name."""
        self.name = name
        self.number += 1
        self._began = self._noted = time.monotonic()
        print(f"[{self.number}] {name} …")

    def note(self, text: str) -> None:
        """Say what is going on inside the step."""
        now = time.monotonic()
        if sys.stdout.isatty():
            print(f"\r\033[K    {text[:70]}", end="", flush=True)
        elif now - self._noted >= self.THIN_SECONDS:
            self._noted = now
            print(f"    {text}")

    def warn(self, text: str) -> None:
        """Say what the reader should know though the step goes on."""
        if sys.stdout.isatty():
            print("\r\033[K", end="")
        print(f"    ! {text}")

    def done(self, text: str = "") -> None:
        """End a step."""
        if sys.stdout.isatty():
            print("\r\033[K", end="")
        print(f"    ✓ {text}  {time.monotonic() - self._began:.1f}s")
