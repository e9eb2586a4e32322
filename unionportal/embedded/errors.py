"""The one error set-up shows to a person: which step, why, and what mends it."""


class SetupError(Exception):
    """A failed step. `mend` says what the reader can do about it."""

    def __init__(self, step: str, cause: str, mend: str) -> None:
        super().__init__(f"{step}: {cause}")
        self.step = step
        self.cause = cause
        self.mend = mend

    def report(self) -> str:
        """The three lines shown on the terminal."""
        return f"✗ 步骤 (step)：{self.step}\n  原因 (cause)：{self.cause}\n  处理 (mend)：{self.mend}"
