// SPDX-License-Identifier: MIT
// Scratch: a directory that goes with the test. Boost.Filesystem removes it: nobody hostile is in there.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <boost/filesystem/operations.hpp>
#include <fstream>
#include <stdexcept>
#include <string>

#include "mailstate/base/noncopyable.hpp"

namespace mailstate {

class Scratch : NonCopyable {
public:
    Scratch()
    {
        std::string pattern = testing::TempDir() + "mailstate-XXXXXX";
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a scratch directory");
        path_ = boost::filesystem::canonical(pattern);
    }
    ~Scratch()
    {
        boost::system::error_code ignored;  // what is left is below the machine's directory for such things
        boost::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] const boost::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::string path(const std::string& below) const { return (path_ / below).native(); }

    void make_directory(const std::string& below) const { boost::filesystem::create_directories(path_ / below); }
    void make_file(const std::string& below, const std::string& content = {}) const
    {
        std::ofstream(path(below), std::ios::binary) << content;
    }
    void make_link(const std::string& below, const std::string& text) const
    {
        boost::filesystem::create_symlink(text, path_ / below);
    }

private:
    boost::filesystem::path path_;
};

}  // namespace mailstate
