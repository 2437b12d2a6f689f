// SPDX-License-Identifier: MIT
// What it takes until something that was written is on the disk, or on the server, and what may be believed of holes.
// Filesystems in user space have names without end, and upload, buffer and forget as they like: only types that are
// known are trusted, all others are asked file by file. The lists are in fs/filesystem_facts.cpp.
#pragma once

#include "mailstate/fs/writer.hpp"

namespace mailstate {

// no: one syncfs(2) at the end does for all files. Durable::yes: each file is synced, and the answer of close(2)
// counts.
Durable durable_on(const FilesystemFacts& facts);

// The same of the filesystem that a directory is on; yes where it cannot be told.
Durable durable_in(const Reader& reader, const DirectoryRef& directory);

// Is this an overlay that never syncs, whatever it is asked? Source: Documentation/filesystems/overlayfs.rst, "Volatile
// mount".
bool is_volatile(const FilesystemFacts& facts);

}  // namespace mailstate
