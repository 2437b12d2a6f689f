# SPDX-License-Identifier: MIT
"""Runs a program of one thread and calls back before each of its system calls that may change a filesystem (x86-64)."""

import ctypes
import os
import signal

PTRACE_TRACEME, PTRACE_GETREGS, PTRACE_SETOPTIONS, PTRACE_SYSCALL = 0, 12, 0x4200, 24
O_TRACESYSGOOD, O_EXITKILL = 1, 1 << 20
SYSCALL_STOP = signal.SIGTRAP | 0x80

CHANGING = {1: "write", 18: "pwrite64", 16: "ioctl", 40: "sendfile", 74: "fsync", 75: "fdatasync", 77: "ftruncate",
            91: "fchmod", 93: "fchown", 188: "setxattr", 190: "fsetxattr", 197: "removexattr", 199: "fremovexattr",
            257: "openat", 437: "openat2", 258: "mkdirat", 259: "mknodat", 260: "fchownat", 263: "unlinkat",
            264: "renameat", 265: "linkat", 266: "symlinkat", 268: "fchmodat", 280: "utimensat", 285: "fallocate",
            306: "syncfs", 316: "renameat2", 326: "copy_file_range", 452: "fchmodat2"}


class Registers(ctypes.Structure):  # struct user_regs_struct
    _fields_ = [(name, ctypes.c_ulonglong) for name in (
        "r15", "r14", "r13", "r12", "rbp", "rbx", "r11", "r10", "r9", "r8", "rax", "rcx", "rdx", "rsi", "rdi",
        "orig_rax", "rip", "cs", "eflags", "rsp", "ss", "fs_base", "gs_base", "ds", "es", "fs", "gs")]


libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.restype = ctypes.c_long
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]


def ptrace(request, pid, data=None):
    if libc.ptrace(request, pid, None, data) == -1:
        number = ctypes.get_errno()
        raise OSError(number, f"ptrace {request}: {os.strerror(number)}")


def call_of(pid):
    """The name of the system call that is about to begin; nothing where it changes nothing."""
    registers = Registers()
    ptrace(PTRACE_GETREGS, pid, ctypes.cast(ctypes.pointer(registers), ctypes.c_void_p))
    name = CHANGING.get(registers.orig_rax)
    if name == "openat" and not registers.rdx & os.O_CREAT or name == "openat2":
        return None  # the program makes files with openat only
    return name


def trace(command, environment, output, before_call):
    """The exit status of the program, whose output goes to a file; before_call(name) for each call."""
    pid = os.fork()
    if pid == 0:
        try:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            ptrace(PTRACE_TRACEME, 0)
            os.execve(command[0], command, environment)
        finally:
            os._exit(127)
    _, status = os.waitpid(pid, 0)
    if os.WIFSTOPPED(status):
        ptrace(PTRACE_SETOPTIONS, pid, O_TRACESYSGOOD | O_EXITKILL)
    entering, deliver = True, 0
    while os.WIFSTOPPED(status):
        stopped_by = os.WSTOPSIG(status)
        deliver = 0 if stopped_by in (SYSCALL_STOP, signal.SIGTRAP) else stopped_by
        if stopped_by == SYSCALL_STOP:
            name = call_of(pid) if entering else None
            entering = not entering
            if name:
                before_call(name)
        ptrace(PTRACE_SYSCALL, pid, deliver)
        _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status)
