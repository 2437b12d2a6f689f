# SPDX-License-Identifier: MIT
"""The lock that the program takes, taken by a test."""

import fcntl
import os
import struct

F_OFD_SETLK = 37


def lock_whole_file(descriptor):
    """struct flock of x86-64 and arm64: type, whence, start, length, pid."""
    fcntl.fcntl(descriptor, F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0))
