"""Makes this process another user, or forbids it user namespaces, for good. Import first whatever is needed afterwards: another user may not be able
to read the interpreter's own directory."""

import ctypes
import errno
import os
from typing import Any

from unionportal.embedded.process import LIBC

PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, SECCOMP_MODE_FILTER = 4, 22, 38, 2
LOAD_WORD, JUMP_IF_EQUAL, RETURN = 0x20, 0x15, 0x06
REFUSE, ALLOW = 0x00050000 | errno.EPERM, 0x7FFF0000
#: The number of the system call `unshare`.
UNSHARE = {"x86_64": 272, "aarch64": 97}


class Rule(ctypes.Structure):
    """struct sock_filter"""

    _fields_ = [("code", ctypes.c_ushort), ("true", ctypes.c_ubyte), ("false", ctypes.c_ubyte), ("k", ctypes.c_uint)]


class Rules(ctypes.Structure):
    """struct sock_fprog"""

    _fields_ = [("length", ctypes.c_ushort), ("rules", ctypes.POINTER(Rule))]


def become(uid: int) -> None:
    """An ordinary user of that number, with or without an entry in passwd."""
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
    # What a program the user started would be: else the kernel keeps /proc/self root's, and no namespace can be mapped.
    _prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)


def refuse_namespaces() -> None:
    """The kernel refuses `unshare` to this process and its children, as on a hardened machine."""
    number = UNSHARE[os.uname().machine]
    rules = [(LOAD_WORD, 0, 0, 0), (JUMP_IF_EQUAL, 0, 1, number), (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW)]
    program = Rules(len(rules), (Rule * len(rules))(*(Rule(*rule) for rule in rules)))
    _prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0)


def _prctl(*arguments: Any) -> None:
    if LIBC.prctl(*arguments):
        raise OSError(ctypes.get_errno(), "prctl")
