"""The one error set-up shows to a person: which step, why, and what mends it."""

import errno


class SetupError(Exception):
    """A failed step. `mend` says what the reader can do about it."""

    def __init__(self, step: str, cause: str, mend: str) -> None:
        super().__init__(f"{step}: {cause}")
        self.step = step
        self.cause = cause
        self.mend = mend

    def report(self) -> str:
        """The three lines shown on the terminal."""
        cause = self.cause.strip().replace("\n", "\n    ")
        return f"✗ 步骤 (step)：{self.step}\n  原因 (cause)：{cause}\n  处理 (mend)：{self.mend}"


def system_failure(step: str, error: OSError) -> SetupError:
    """What the operating system refused; the file it is about stands in the error."""
    mends = {
        errno.ENOSPC: "腾出磁盘空间 (free disk space)，然后重试",
        errno.EDQUOT: "腾出磁盘配额 (free disk quota)，然后重试",
        errno.EROFS: "此处只读：换一个可写的目录，或另设 PORTAL_HOME (read-only: use a writable directory)",
        errno.EACCES: "用目录的主人运行，或换一个可写的目录 (run as the owner of the directory)",
    }
    return SetupError(
        step, str(error), mends.get(error.errno or 0, "检查磁盘空间与目录权限 (disk space, permissions)，然后重试")
    )
