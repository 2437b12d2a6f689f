// SPDX-License-Identifier: MIT
// Proof: why a name may go. Every call of the Writer that can destroy content takes one, and only the funnel makes
// them (engine/removal.hpp), once it has checked what the proof says.
#pragma once

#include <optional>

#include "mailstate/base/types.hpp"

namespace mailstate {

enum class Grounds {
    own,         // staging, scratch, a record or a link of our own, which holds nothing unique
    nothing,     // there is nothing in it: a directory (which must be empty), an empty file, a FIFO, a socket
    equal,       // the survivor has the same content: read and compared now
    copied,      // copied by this run from this very inode, unchanged since; the copy is synced and published
    set_aside,   // its content is among what was set aside
    superseded,  // a copy of a mount that a newer copy of the same mount replaces
    pristine,    // the image has it, by the seal
    disposable,  // the layout declares it disposable
    stale,       // a pid file of a process that is dead, or a socket that nobody listens on
    asked,       // a person asked for it
};

class Proof {
public:
    Proof(const Proof&) = delete;
    Proof& operator=(const Proof&) = delete;
    Proof(Proof&&) = default;
    Proof& operator=(Proof&&) = default;
    ~Proof() = default;

    [[nodiscard]] Grounds grounds() const { return grounds_; }
    // What was looked at: the Writer lets nothing else go. Nothing where a name of our own is proof enough.
    [[nodiscard]] const std::optional<Attributes>& seen() const { return seen_; }

private:
    friend class Removal;         // engine/removal.hpp
    friend struct ProofForTests;  // of the Writer itself; no source of the program may define it
    explicit Proof(Grounds grounds, std::optional<Attributes> seen = std::nullopt) : grounds_(grounds), seen_(seen) {}

    Grounds grounds_;
    std::optional<Attributes> seen_;
};

// Was nothing written to it? The ctime would tell more, but it moves when another name of a hard link goes.
inline bool holds_the_same(const Attributes& a, const Attributes& b)
{
    return a.size == b.size && a.mtime == b.mtime;
}

}  // namespace mailstate
