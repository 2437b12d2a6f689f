// SPDX-License-Identifier: MIT
// The verbs for one entry: each makes its decision of the plan true, and is safe to do again after a kill at any point.
#pragma once

#include "engine/origin.hpp"

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

Result<Done> move_entry(const Run& run, const Entry& entry);        // stage, compare, sync, publish, record, link
Result<Done> prepare_entry(const Run& run, const Entry& entry);     // the same without the link
Result<Done> keep_destination(const Run& run, const Entry& entry);  // displace, link
Result<Done> link_entry(const Run& run, const Entry& entry);
Result<Done> create_entry(const Run& run, const Entry& entry);   // destination, link
Result<Done> restore_entry(const Run& run, const Entry& entry);  // destination only
Result<Done> adopt_entry(const Run& run, const Entry& entry);    // copy a mounted origin, also again
Result<Done> clear_entry_leftover(const Run& run, const Entry& entry);
// Upstream's `ln -s` into a directory that was in the way: a link in it, to the destination. True where one was
// removed.
Result<bool> remove_nested_link(const Run& run, const Entry& entry);

// Where an entry's destination stands: the directory that holds its name, made where missing.
struct Spot {
    DirectoryRef at;
    std::string name;
};
Result<Spot> destination_spot(const Run& run, const Entry& entry);
Result<Spot> origin_spot(const World& world, const Entry& entry);

// The origin becomes a link. `judge` says what may go.
Result<> link_origin(const Run& run, const Entry& entry, const Judge& judge);

// Into the history, with the next line of it. To be called before the ledger has the new phase; nothing: it forgets the
// entry.
void note_change(const Run& run, const Entry& entry, std::optional<Phase> after);
bool is_in_phase(const Run& run, const Entry& entry, Phase phase);
Result<> record_phase(const Run& run, const Entry& entry, Phase phase, const Done* done = nullptr,
                      Workspace::Others others = Workspace::Others::merge);

}  // namespace mailstate
