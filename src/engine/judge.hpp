// SPDX-License-Identifier: MIT
// Judge: may a name of an origin go, since the destination holds it, or has it to be set aside first?
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "engine/removal.hpp"

namespace mailstate {

enum class Fate {
    drop,       // the destination has it, or newer; or it is pristine, disposable, dead, or set aside already
    set_aside,  // the destination lacks it, or the origin's is newer
};

// A directory of what is kept, one level down; null where there is none. What is there and cannot be opened is an
// error: taken for none, everything below would count as lacking.
Result<DirectoryRef> counterpart(const Reader& reader, const DirectoryRef& kept, const std::string& name);

class Judge {
public:
    // The seal and the record of what was set aside must outlive the judge.
    // copy: of an ordinary move, that the run itself has published; null where the destination was there before.
    static Result<Judge> make(const World& world, const Entry& entry, const std::optional<Seal>& seal,
                              const SetAside& set_aside, const OriginCopy* copy = nullptr);

    // Of an origin's directory that was opened just now, below one with such names.
    [[nodiscard]] Names names_in(const Attributes& directory, Names above) const;

    // The proof that a name may go; nothing: it is to be set aside first.
    // kept: the directory where the destination has (or would have) the same name; null where it lacks the directory.
    // Thread-safe.
    // names: of the directory that the place is in.
    [[nodiscard]] Result<std::optional<Proof>> proof(const Place& place, const DirectoryRef& kept, Names names) const;
    // The same of a single file's entry.
    [[nodiscard]] Result<std::optional<Proof>> proof_of_file(const Place& place, const DirectoryRef& kept_at,
                                                             const std::string& kept_name) const;

    [[nodiscard]] Result<Fate> fate(const Place& place, const DirectoryRef& kept) const;
    [[nodiscard]] Result<Fate> fate_of_file(const Place& place, const DirectoryRef& kept_at,
                                            const std::string& kept_name) const;

    // Of a regular file's content or a link's text; empty for other kinds.
    [[nodiscard]] Result<std::string> digest(const Place& place) const;

private:
    Judge(const World& world, const Entry& entry, const std::optional<Seal>& seal, const SetAside& set_aside,
          const OriginCopy* copy)
        : world_(&world), entry_(&entry), seal_(&seal), set_aside_(&set_aside), copy_(copy)
    {
    }
    [[nodiscard]] Result<std::optional<Proof>> compare(const Place& place, const std::string& relative,
                                                       const DirectoryRef& kept_at, const std::string& kept_name) const;
    [[nodiscard]] Result<std::optional<Proof>> without_counterpart(const Place& place,
                                                                   const std::string& relative) const;

    const World* world_;
    const Entry* entry_;
    const std::optional<Seal>* seal_;
    const SetAside* set_aside_;
    const OriginCopy* copy_;
    std::vector<Glob> disposable_, copies_;  // copies: of the image's files
};

}  // namespace mailstate
