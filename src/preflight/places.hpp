// SPDX-License-Identifier: MIT
// Files of a mail system where they really are: container paths by way of the compose file's volumes, a folder that the
// operator named, or the root that is looked at.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "mailstate/fs/reader.hpp"
#include "preflight/evidence.hpp"

namespace mailstate {

struct MappedDirectory {
    std::string prefix;  // absolute: what the rules call it
    const Reader* reader = nullptr;
    std::string real;  // absolute: what the reader calls it
};

// The longest prefix wins; a path that no place covers is absent. The readers must outlive the files.
class PlacedFiles : public Files {
public:
    // `contents`: files whose text is in a manifest or a compose file.
    explicit PlacedFiles(std::vector<MappedDirectory> places, std::map<std::string, std::string> contents = {})
        : places_(std::move(places)), contents_(std::move(contents))
    {
    }
    [[nodiscard]] std::optional<std::string> text(const std::string& path) const override;
    [[nodiscard]] std::vector<std::string> names(const std::string& directory) const override;
    [[nodiscard]] std::optional<FileFacts> facts(const std::string& path) const override;
    [[nodiscard]] bool is_visible(const std::string& path) const override;
    [[nodiscard]] bool is_readable(const std::string& path) const override;
    [[nodiscard]] std::set<std::string> texts_read() const override { return texts_read_; }

private:
    [[nodiscard]] std::optional<MappedDirectory> place_of_path(const std::string& path) const;  // real: the whole path
    std::vector<MappedDirectory> places_;
    std::map<std::string, std::string> contents_;
    mutable std::set<std::string> texts_read_;
};

}  // namespace mailstate
