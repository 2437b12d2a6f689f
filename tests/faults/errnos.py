# SPDX-License-Identifier: MIT
"""Which errors a system call can give in life: of a full, broken or read-only disk, an NFS server, a security module, a
limit of the process. errno is looked up by name, so that the table reads as the manual pages do."""

import errno

DISK = "EIO ENOSPC EDQUOT EROFS EPERM EACCES ESTALE ENOMEM"  # whatever makes or changes a name
OPEN = f"{DISK} EMFILE ENFILE EINTR"
WRITE = "EIO ENOSPC EDQUOT ESTALE EINTR ENOMEM"
ATTRIBUTE = "EIO EROFS EPERM EACCES EDQUOT ESTALE ENOMEM"
SYNC = "EIO ENOSPC EDQUOT EROFS ESTALE EINTR"
LOCK = "EAGAIN EACCES ENOLCK EINTR EIO"
UPLOAD = "EIO ENOSPC EDQUOT EACCES EINTR"  # of a close(2) that hands a file on to a server

CHANGING = {
    "mkdirat": DISK, "symlinkat": DISK, "linkat": f"{DISK} EMLINK", "mknodat": DISK,
    "openat": OPEN, "openat2": OPEN,
    "write": WRITE, "pwrite64": WRITE, "copy_file_range": f"{WRITE} EXDEV EOPNOTSUPP",
    "ftruncate": "EIO ENOSPC EDQUOT EROFS EPERM ESTALE EINTR",
    "ioctl": "EIO ENOSPC EDQUOT EPERM EOPNOTSUPP EXDEV",
    "fchown": ATTRIBUTE, "fchownat": ATTRIBUTE, "fchmod": ATTRIBUTE, "fchmodat": ATTRIBUTE, "fchmodat2": ATTRIBUTE,
    "utimensat": ATTRIBUTE,
    "setxattr": f"{DISK} EOPNOTSUPP", "fsetxattr": f"{DISK} EOPNOTSUPP",
    "removexattr": DISK, "fremovexattr": DISK,
    "renameat2": f"{DISK} EBUSY ENOTEMPTY EXDEV EINVAL", "renameat": f"{DISK} EBUSY",
    "unlinkat": "EIO EROFS EPERM EACCES EBUSY ENOTEMPTY ESTALE ENOMEM",
    "fsync": SYNC, "fdatasync": SYNC, "syncfs": SYNC,
    "fcntl": LOCK, "flock": LOCK,
}
READING = {
    "openat": "EIO EACCES ESTALE EMFILE ENOMEM", "openat2": "EIO EACCES ESTALE EMFILE ENOMEM",
    "statx": "EIO EACCES ESTALE", "getdents64": "EIO ESTALE", "read": "EIO ESTALE", "pread64": "EIO ESTALE",
    "readlinkat": "EIO ESTALE", "fstatfs": "EIO ESTALE", "flistxattr": "EIO ESTALE", "listxattr": "EIO ESTALE",
    "llistxattr": "EIO ESTALE", "lgetxattr": "EIO ESTALE",
    "fgetxattr": "EIO ESTALE", "getxattr": "EIO ESTALE", "lseek": "EIO ESTALE",
}
SHORT = {"write", "pwrite64", "copy_file_range", "sendfile"}

# What befalls a whole filesystem from some moment on; what is refused to one kind of call, for good. EINTR never lasts.
OF_ALL = {"EIO", "ENOSPC", "EDQUOT", "EROFS", "ESTALE"}
NEVER_LASTS = {"EINTR"}


def names(call, reading=False):
    """The errors of a call. Every call that a sweep meets must be in the table: a new one is an error of the harness."""
    return (READING if reading else CHANGING)[call].split()


def number(name):
    return getattr(errno, name)


def lasting(call, name):
    """The calls that fail, too, once this one has failed for good; none where that does not happen."""
    if name in NEVER_LASTS:
        return []
    if name in OF_ALL:
        return [other for other, errors in CHANGING.items() if name in errors.split()]
    return [call]
