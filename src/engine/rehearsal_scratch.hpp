// SPDX-License-Identifier: MIT
// Where a rehearsal makes its clone: below .mailstate/staging of the volume, where the volume's own refusals show, or
// in a directory that somebody names. It has a crash-proof name and holds a lock, so that what a kill left is told from
// what is in use.
#pragma once

#include "engine/workspace.hpp"
#include "mailstate/engine/rehearsal.hpp"

namespace mailstate {

class RehearsalScratch {
public:
    // Looks only; nothing is made yet. EINVAL where the named directory lies inside of an entry or
    // of the state directory, EPERM where others could put something else in the scratch's place.
    static Result<std::unique_ptr<RehearsalScratch>> find(const World& world, const RehearsalOptions& options);

    [[nodiscard]] const FilesystemFacts& filesystem() const { return filesystem_; }
    [[nodiscard]] std::uint64_t device() const { return device_; }
    [[nodiscard]] bool is_on_volume() const { return options_.scratch.empty(); }

    // Removes what killed rehearsals left, and makes this one's, mode 0700, locked. The volume's lock is held for just
    // that long: EWOULDBLOCK.
    Result<DirectoryRef> make(Writer& writer);
    // Nothing of it stays, not even a workspace that was not there before. A signal does not stop this.
    Result<> remove(Writer& writer);

private:
    RehearsalScratch(const World& world, const RehearsalOptions& options) : world_(world), options_(options) {}
    [[nodiscard]] Result<> refuse_what_others_can_change(const DirectoryRef& directory) const;
    [[nodiscard]] Result<> refuse_inside_an_entry(const DirectoryRef& directory) const;
    Result<> make_on_volume(Writer& writer);
    Result<> make_in_directory(Writer& writer);

    const World& world_;
    const RehearsalOptions& options_;
    std::unique_ptr<Reader> outside_;  // of the named directory
    DirectoryRef at_;                  // that holds the scratch; null: not found out yet
    std::string name_;                 // of the scratch in there,
    DirectoryRef made_;                // which stays open; null: not made
    FilesystemFacts filesystem_;
    std::uint64_t device_ = 0;
    bool made_workspace_ = false;
    std::unique_ptr<Lock> lock_;
};

}  // namespace mailstate
