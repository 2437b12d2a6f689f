// SPDX-License-Identifier: MIT
// The conformance suite: what every implementation of Reader and Writer must do, on every filesystem. A Ground is an
// implementation on a filesystem, with an empty directory to work in and the few acts that the seam does not know.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "mailstate/base/noncopyable.hpp"
#include "mailstate/fs/reader.hpp"
#include "mailstate/fs/writer.hpp"
#include "support/any_proof.hpp"

namespace mailstate {

class Ground : NonCopyable {
public:
    virtual ~Ground() = default;

    [[nodiscard]] virtual const Reader& reader() const = 0;
    virtual Writer& writer() = 0;
    [[nodiscard]] virtual Path top() const = 0;  // as the reader sees it

    // What a service or an administrator does. Paths are as the reader sees them.
    virtual void bind(const Path& source, const Path& at) = 0;  // undone with the ground
    virtual void write_at(const Path& file, std::uint64_t offset, std::string_view bytes) = 0;
    virtual void set_size(const Path& file, std::uint64_t size) = 0;
    virtual void set_attribute(const Path& file, const std::string& name, const std::string& value) = 0;
    virtual void set_times(const Path& file, Timestamp atime, Timestamp mtime) = 0;
    virtual void make_socket(const Path& path) = 0;
};

// How a filesystem is made ready; a null pointer and a reason where it cannot be here.
struct GroundKind {
    std::string name;
    std::unique_ptr<Ground> (*make)(std::string& reason);
};

inline void PrintTo(const GroundKind& kind, std::ostream* out)  // GoogleTest's name for it
{
    *out << kind.name;
}

class Filesystem : public testing::TestWithParam<GroundKind> {
protected:
    void SetUp() override;

    [[nodiscard]] const Reader& reader() const { return ground_->reader(); }
    [[nodiscard]] Writer& writer() const { return ground_->writer(); }
    [[nodiscard]] Ground& ground() const { return *ground_; }
    [[nodiscard]] const DirectoryRef& top() const { return top_; }
    [[nodiscard]] Path path(const std::string& name) const { return ground_->top() / name; }

    // make_…: set things up, and fail the test where that does not work.
    DirectoryRef make_directory(const std::string& name, Mode mode = Mode{0755});
    void make_file(const std::string& name, std::string_view content, Mode mode = Mode{0644});
    void make_owned(const std::string& name, Owner owner, Mode mode);
    Result<Copied> copy(const std::string& name, const Attributes& seen, const std::string& to_name);

    // …_of, names: look, and fail the test where that does not work.
    [[nodiscard]] Attributes attributes_of(const std::string& name) const;
    [[nodiscard]] std::string content_of(const std::string& name) const;
    [[nodiscard]] std::vector<ExtendedAttribute> extended_of(const std::string& name) const;
    [[nodiscard]] std::vector<std::string> names(const DirectoryRef& directory) const;
    [[nodiscard]] std::vector<std::string> names() const { return names(top_); }

private:
    std::unique_ptr<Ground> ground_;
    DirectoryRef top_;
};

// The errno of a result, 0 where it is none.
template <class T>
int number_of(const Result<T>& result)
{
    return result ? 0 : result.error().number;
}

template <class T>
std::string words_of(const Result<T>& result)
{
    return result ? "success" : describe(result.error());
}

inline std::string name_of_ground(const testing::TestParamInfo<GroundKind>& info)
{
    return info.param.name;
}

// Bytes without a pattern, the same for the same seed.
std::string noise(std::size_t size, std::uint32_t seed = 1);

}  // namespace mailstate
