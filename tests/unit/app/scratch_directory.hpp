// SPDX-License-Identifier: MIT
// A directory of its own for one test, removed with everything in it at the end.
#pragma once

#include <boost/filesystem.hpp>

#include <string>

#include "mailstate/base/noncopyable.hpp"

namespace mailstate {

class ScratchDirectory : NonCopyable {
public:
    ScratchDirectory()
        : path_(boost::filesystem::temp_directory_path() / boost::filesystem::unique_path("mailstate-%%%%%%%%"))
    {
        boost::filesystem::create_directory(path_);
    }
    ~ScratchDirectory()
    {
        boost::system::error_code ignored;  // a destructor has nobody to tell
        boost::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string path(const std::string& name) const { return (path_ / name).string(); }
    [[nodiscard]] std::string path() const { return path_.string(); }

private:
    boost::filesystem::path path_;
};

}  // namespace mailstate
