"""A process gives up what a parser has no use for: memory without end, files to write, programs, the network.

Limits hold everywhere (POSIX). On Linux a filter of system calls (seccomp, which needs no privileges) refuses
sockets, programs and changes to files to native code, too; elsewhere only Python's own calls are refused.
"""

from __future__ import annotations

import ctypes
import platform
import resource
import struct
import sys
from contextlib import suppress
from typing import Any

_REFUSED = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "os.kill",
    "ctypes.dlopen",
)
_REFUSED_FILES = (
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.mkdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
)

# System calls by number: of asm/unistd_64.h, and of asm-generic/unistd.h, which aarch64 has.
_X86_64 = (
    *(41, 42, 43, 44, 46, 49, 50, 53, 288),  # socket, connect, accept, sendto, sendmsg, bind, listen, …
    *(57, 58, 59, 322, 62, 101),  # fork, vfork, execve, execveat, kill, ptrace
    *(76, 82, 83, 84, 85, 86, 87, 88, 90, 92, 133),  # truncate, rename, mkdir, rmdir, creat, link, unlink, …
    *(258, 259, 260, 263, 264, 265, 266, 268, 316),  # mkdirat, mknodat, fchownat, unlinkat, renameat, …
    *(129, 200, 297, 310, 311),  # rt_sigqueueinfo, tkill, …, process_vm_readv, process_vm_writev
    *(424, 425, 437, 438),  # pidfd_send_signal, io_uring_setup, openat2, pidfd_getfd: other doors to the same
)
_GENERIC = (
    *(198, 199, 200, 201, 202, 203, 206, 211, 242),
    *(221, 281, 129, 117),
    *(33, 34, 35, 36, 37, 38, 45, 53, 54, 276),
    *(138, 130, 240, 270, 271),
    *(424, 425, 437, 438),
)
_MACHINES = {  # the architecture as seccomp calls it, what is refused, and the calls that open files
    "x86_64": (0xC000003E, _X86_64, ((2, 1), (257, 2))),  # open(path, flags), openat(folder, path, flags)
    "aarch64": (0xC00000B7, _GENERIC, ((56, 2),)),
}
_WRITING = 0o1 | 0o2 | 0o100 | 0o1000  # O_WRONLY, O_RDWR, O_CREAT, O_TRUNC
_LOAD, _EQUAL, _SET, _ABOVE, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06  # BPF
_ALLOW, _DENY = 0x7FFF0000, 0x00050000 | 1  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO with EPERM
_FOREIGN = 0x40000000  # calls of the x32 interface begin here
_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2  # of prctl


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def confine(memory_bytes: int) -> bool:
    """Confine this process for good; whether the kernel refuses sockets, too, and not only Python."""
    _limit(resource.RLIMIT_AS, memory_bytes)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    filtered = sys.platform == "linux" and _filter_calls()
    sys.addaudithook(_refuse)
    return filtered


def allow_cpu(seconds: float) -> None:
    """From now on, so much processor time; then the process is killed (SIGXCPU)."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime + seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard < 0 else min(soft, hard), hard))


def _limit(what: int, value: int) -> None:
    _, hard = resource.getrlimit(what)
    value = value if hard < 0 else min(value, hard)
    with suppress(OSError, ValueError):  # macOS knows no limit of address space
        resource.setrlimit(what, (value, value))


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_REFUSED) or event in _REFUSED_FILES:
        raise PermissionError(f"{event} is not open to a parser")
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & _WRITING:
        raise PermissionError("a parser writes no files")


def _filter_calls() -> bool:
    """Have the kernel refuse calls; False where it cannot."""
    if platform.machine() not in _MACHINES:
        return False
    code = _program(*_MACHINES[platform.machine()])
    program = _Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        return False
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _program(architecture: int, refused: tuple[int, ...], opening: tuple[tuple[int, int], ...]) -> bytes:
    """The filter: refuse other architectures, the calls listed, and opening files to write."""

    def step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)

    steps = [
        step(_LOAD, 4),  # seccomp_data.arch
        step(_EQUAL, architecture, 1, 0),
        step(_RETURN, _DENY),
        step(_LOAD, 0),  # seccomp_data.nr
        step(_ABOVE, _FOREIGN, 0, 1),
        step(_RETURN, _DENY),
    ]
    for number in refused:
        steps += [step(_EQUAL, number, 0, 1), step(_RETURN, _DENY)]
    for number, argument in opening:
        steps += [
            step(_EQUAL, number, 0, 4),
            step(_LOAD, 16 + 8 * argument),  # the lower half of an argument
            step(_SET, _WRITING, 0, 1),
            step(_RETURN, _DENY),
            step(_RETURN, _ALLOW),
        ]
    return b"".join([*steps, step(_RETURN, _ALLOW)])
