// SPDX-License-Identifier: MIT
// Run: what the verbs for one entry work with, and what they have done; where they write down how far they came.
#pragma once

#include "engine/displace.hpp"
#include "engine/entry_places.hpp"
#include "mailstate/base/amount.hpp"

namespace mailstate {

struct Run {  // one apply
    const World& world;
    Writer& writer;
    Workspace& workspace;
    const ApplyOptions& options;
    const Survey& survey;
    const std::optional<Seal>& seal;
    bool* midway;                  // set while an origin is neither whole nor a link
    std::optional<Owner> as_user;  // the destination is worked in as this user; the workspace lies inside it then
};

struct Done {
    Amount copied;
    std::vector<Displaced> displaced;
    std::vector<std::string> sockets;  // not copied
};

// The directory that holds the destination's name, made where missing.
Result<Name> destination_of(const Run& run, const Entry& entry);
Result<EntryPlaces> open_places(const Run& run, const Entry& entry);

// A mount point or a directory with names of its storage cannot be renamed over, and who works as another user may not
// do it either: it is filled in place.
bool is_filled_in_place(const Run& run, const Entry& entry);
// Opened anew: the origin may go for what is under the destination's name now, and for nothing that was there before.
Result<DirectoryRef> opened_destination(const Run& run, const Entry& entry, const Name& spot);

// Into the history, with the next line of it. To be called before the ledger has the new phase; nothing: it forgets the
// entry.
void note_change(const Run& run, const Entry& entry, std::optional<Phase> after);
// The same, and the ledger knows the entry no more.
void forget_entry(const Run& run, const Entry& entry);
bool is_in_phase(const Run& run, const Entry& entry, Phase phase);
// A full volume is no reason to leave services without their state: what the ledger lacks, a later run sees and
// records. Any other error stays one.
Result<> where_there_is_room(const Result<>& saved);
// Of a link that is there.
Result<> record_linked(const Run& run, const Entry& entry);
Result<> record_phase(const Run& run, const Entry& entry, Phase phase, const Done* done = nullptr,
                      Workspace::Others others = Workspace::Others::merge);

}  // namespace mailstate
