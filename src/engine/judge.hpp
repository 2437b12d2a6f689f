// SPDX-License-Identifier: MIT
// Judge: may a name of an origin go, since the destination holds it, or has it to be set aside first?
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/walk.hpp"
#include "mailstate/glob.hpp"
#include "mailstate/seal.hpp"

namespace mailstate {

enum class Fate {
    drop,       // the destination has it, or newer; or it is pristine, disposable, dead, or set aside already
    set_aside,  // the destination lacks it, or the origin's is newer
};

// What was set aside of an entry, now or by earlier runs: "relative path", NUL, "kind", NUL, "digest".
using SetAside = std::set<std::string>;
std::string set_aside_key(const std::string& relative, Kind kind, const std::string& digest);

// A directory of what is kept, one level down; null where there is none. What is there and cannot be opened is an
// error: taken for none, everything below would count as lacking.
Result<DirectoryRef> counterpart(const Reader& reader, const DirectoryRef& kept, const std::string& name);

class Judge {
public:
    // The seal and the record of what was set aside must outlive the judge.
    static Result<Judge> make(const World& world, const Entry& entry, const std::optional<Seal>& seal,
                              const SetAside& set_aside);

    // kept: the directory where the destination has (or would have) the same name; null where it lacks the directory.
    // Thread-safe.
    [[nodiscard]] Result<Fate> fate(const Place& place, const DirectoryRef& kept) const;

    // The same of a single file's entry.
    [[nodiscard]] Result<Fate> fate_of_file(const Place& place, const DirectoryRef& kept_at,
                                            const std::string& kept_name) const;

    // Of a regular file's content or a link's text; empty for other kinds.
    [[nodiscard]] Result<std::string> digest(const Place& place) const;

private:
    Judge(const World& world, const Entry& entry, const std::optional<Seal>& seal, const SetAside& set_aside)
        : world_(&world), entry_(&entry), seal_(&seal), set_aside_(&set_aside)
    {
    }
    [[nodiscard]] Result<Fate> compare(const Place& place, const std::string& relative, const DirectoryRef& kept_at,
                                       const std::string& kept_name) const;
    [[nodiscard]] Result<Fate> candidate(const Place& place, const std::string& relative) const;
    [[nodiscard]] bool is_pristine(const std::string& relative, const Attributes& item,
                                   const std::string& digest) const;

    const World* world_;
    const Entry* entry_;
    const std::optional<Seal>* seal_;
    const SetAside* set_aside_;
    std::vector<Glob> disposable_;
};

}  // namespace mailstate
