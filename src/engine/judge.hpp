// SPDX-License-Identifier: MIT
// Judge: may a name of an origin go, since the destination holds it, or has it to be set aside first?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/removal.hpp"
#include "engine/set_aside.hpp"

namespace mailstate {

enum class Fate {
    drop,       // the same is at the destination or among what was set aside; or it is pristine, disposable, dead
    set_aside,  // the destination lacks it, or has it with other content
};

class Judge {
public:
    // The seal and what was set aside must outlive the judge.
    // copy: of an ordinary move, that the run itself has published; null where the destination was there before.
    static Result<Judge> make(const World& world, const Entry& entry, const std::optional<Seal>& seal,
                              const SetAside& set_aside, const OriginCopy* copy = nullptr);

    // Of a tree that stays after a run: one that it could not remove, or an origin below another root. That run has
    // removed dead pid files from the destination, so here they count for nothing, too.
    static Result<Judge> make_of_leftover(const World& world, const Entry& entry, const std::optional<Seal>& seal,
                                          const SetAside& set_aside);

    // Where the content of an origin's root may be; kept: of the destination, null where there is none; names: of the
    // origin's root.
    [[nodiscard]] Survivors survivors(const DirectoryRef& kept, Names names = Names::changed) const
    {
        return {kept, set_aside_->trees(), names};
    }

    // The same of a directory of the origin below that, opened just now.
    [[nodiscard]] Result<Survivors> survivors_below(const Survivors& above, const std::string& name,
                                                    const DirectoryRef& opened) const;

    // Of an origin's directory that was opened just now, below one with such names.
    [[nodiscard]] Names names_in(const Attributes& directory, Names above) const;

    // The proof that a name may go; nothing: it is to be set aside first. at: of the directory that the place is in.
    // Thread-safe.
    [[nodiscard]] Result<std::optional<Proof>> proof(const Place& place, const Survivors& at) const;
    // The same of a single file's entry, whose destination may have another name.
    [[nodiscard]] Result<std::optional<Proof>> proof_of_file(const Place& place, const Survivors& at,
                                                             const std::string& kept_name) const;

    [[nodiscard]] Result<Fate> fate(const Place& place, const Survivors& at) const;
    [[nodiscard]] Result<Fate> fate_of_file(const Place& place, const Survivors& at,
                                            const std::string& kept_name) const;

private:
    Judge(const World& world, const Entry& entry, const std::optional<Seal>& seal, const SetAside& set_aside,
          const OriginCopy* copy)
        : world_(&world), entry_(&entry), seal_(&seal), set_aside_(&set_aside), copy_(copy)
    {
    }
    [[nodiscard]] Result<std::optional<Proof>> compare(const Place& place, const std::string& relative,
                                                       const Survivors& at, const std::string& kept_name) const;
    [[nodiscard]] Result<std::optional<Proof>> pristine(const Place& place, const std::string& relative) const;
    [[nodiscard]] Result<std::optional<Proof>> stale(const Place& place, const std::string& relative) const;
    [[nodiscard]] Result<std::optional<Proof>> equal_to_survivor(const Place& place, const Survivors& at,
                                                                 const std::string& kept_name) const;

    const World* world_;
    const Entry* entry_;
    const std::optional<Seal>* seal_;
    const SetAside* set_aside_;
    const OriginCopy* copy_;
    std::vector<Glob> disposable_, stale_, copies_;  // copies: of the image's files
};

// Of a regular file's content or a link's text; empty for other kinds.
Result<std::string> content_digest(const Reader& reader, const Place& place);

}  // namespace mailstate
