# SPDX-License-Identifier: MIT
"""A process for which a seccomp filter answers some system calls with an errno, as container engines do."""

import ctypes
import errno
import os
import platform
import struct

CALLS = {
    "x86_64": {"statx": 332, "openat2": 437, "renameat2": 316, "syncfs": 306, "mknodat": 259, "fchmodat2": 452,
               "copy_file_range": 326, "close_range": 436},
    "aarch64": {"statx": 291, "openat2": 437, "renameat2": 276, "syncfs": 267, "mknodat": 33, "fchmodat2": 452,
                "copy_file_range": 285, "close_range": 436},
}[platform.machine()]

LOAD_NUMBER = struct.pack("HBBI", 0x20, 0, 0, 0)  # BPF_LD | BPF_W | BPF_ABS of seccomp_data.nr
ALLOW = struct.pack("HBBI", 0x06, 0, 0, 0x7FFF0000)
PR_SET_SECCOMP, SECCOMP_MODE_FILTER = 22, 2


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def refuse(names, number):
    """For preexec_fn of subprocess, as root: these calls fail with this errno from here on."""
    code = LOAD_NUMBER
    for name in names:
        code += struct.pack("HBBI", 0x15, 0, 1, CALLS[name])  # BPF_JMP | BPF_JEQ: over the next line where it is not
        code += struct.pack("HBBI", 0x06, 0, 0, 0x00050000 | number)  # SECCOMP_RET_ERRNO
    code += ALLOW
    program = Program(len(code) // 8, code)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "seccomp: " + os.strerror(ctypes.get_errno()))


ANSWERS = (errno.EPERM, errno.ENOSYS)
