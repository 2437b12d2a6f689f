// SPDX-License-Identifier: MIT
// The reader of the running system below a scratch directory, in a mount namespace of its own.
#pragma once

#include <gtest/gtest.h>

#include "fs/posix_filesystem.hpp"
#include "support/mount_namespace.hpp"
#include "support/scratch.hpp"

namespace mailstate {

inline std::unique_ptr<Reader> reader_below(const Path& root)
{
    auto made = make_posix_reader(root);
    if (!made) throw std::runtime_error(describe(made.error()));
    return std::move(made).value();
}

class PosixReaderTest : public testing::Test {
protected:
    // Before the reader opens its root: a descriptor shows the mounts of the namespace that it was opened in.
    static void SetUpTestSuite() { (void)enter_private_mount_namespace(); }

    [[nodiscard]] DirectoryRef open(const std::string& absolute) const
    {
        auto opened = reader_->open(absolute);
        if (!opened) throw std::runtime_error(describe(opened.error()));
        return std::move(opened).value();
    }

    Scratch scratch_;
    std::unique_ptr<Reader> reader_ = reader_below(scratch_.path());
};

}  // namespace mailstate
