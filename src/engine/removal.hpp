// SPDX-License-Identifier: MIT
// The funnel: the only maker of proofs that a name may go. Each function checks what its proof says, now; where that is
// not so there is no proof, and the name stays.
//
//   who removes what                                                      by which proof
//   copies that are not published or were claimed, scratch, records       own (by the name that only we make)
//   the link of an origin, and the temporary one beside it                own (its text was read)
//   an old origin after an ordinary move, file by file                    copied
//   an old origin where the destination was there before; claimed copies  equal, set_aside, pristine, disposable
//   directories, once all in them has gone; the empty destination         nothing (rmdir and rename refuse others)
//   sockets of an old origin; FIFOs and sockets that refuse an owner      nothing
//   an older copy of an adopted mount, and what refreshes set aside       superseded (by its fingerprint; by the list)
//   pid files and sockets that a service left, pid files in a leftover    stale
//   displaced prune; check --fix                                          asked
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/origin_copy.hpp"
#include "mailstate/engine/displaced.hpp"
#include "mailstate/fs/proof.hpp"
#include "mailstate/model/glob.hpp"
#include "mailstate/model/ledger.hpp"
#include "mailstate/model/seal.hpp"

namespace mailstate {

// The content of a regular file or the text of a link, read just now; of other kinds nothing but that they were seen.
class Reading {
public:
    static Result<Reading> of(const Reader& reader, const Place& place);
    [[nodiscard]] const Attributes& seen() const { return seen_; }
    [[nodiscard]] const std::string& digest() const { return digest_; }  // "xxh128:…"; empty of other kinds

private:
    Reading(const Attributes& seen, std::string digest) : seen_(seen), digest_(std::move(digest)) {}
    Attributes seen_;
    std::string digest_;
};

class Removal {
public:
    // EPERM where neither the name nor a directory above it is a name that only mailstate makes. The proof is good for
    // all that is below the name, too.
    static Result<Proof> own(const Name& item);
    // A link whose text is `text`; ESTALE where it is no link, or says something else. Without a text: any.
    static Result<Proof> own_link(const Reader& reader, const Name& item);
    static Result<Proof> own_link(const Reader& reader, const Name& item, const std::string& text);

    // rmdir(2) refuses any other directory; the proof is good for nothing else.
    static Proof empty_directory();
    // An empty file, or a directory, which rename(2) replaces only while it is empty. Nothing of what is absent, of
    // another kind, or a file with content.
    static Result<std::optional<Proof>> vacant(const Reader& reader, const Name& item, Kind kind);
    // A FIFO or a socket: what is under way in it is held by those who have it open.
    static std::optional<Proof> holds_nothing(const Attributes& seen);

    // Nothing where the survivor is of another kind, or has other content.
    static Result<std::optional<Proof>> equal(const Reader& reader, const Place& place, const Place& survivor);
    // `names`: of the directory that the place is in. Nothing where the file, or a name above it, has changed since.
    static std::optional<Proof> copied(const OriginCopy& origin, Names names, const Place& place,
                                       const Attributes& copy);
    static std::optional<Proof> copied_root(const OriginCopy& origin, const Place& place, const Attributes& copy);
    // aside: the set-aside file itself. Nothing where it has other content: a manifest alone proves nothing.
    static Result<std::optional<Proof>> set_aside(const Reader& reader, const Place& place, const Place& aside);
    static std::optional<Proof> pristine(const Reading& reading, const std::string& path, const Seal& seal);
    static std::optional<Proof> disposable(const Place& place, const std::string& relative,
                                           const std::vector<Glob>& patterns);

    // The image's own file of the same path below the root, its link followed, has the same content now.
    static Result<std::optional<Proof>> equal_at_root(const Reader& reader, const Place& place,
                                                      const std::string& relative, const std::vector<Glob>& patterns);

    // EPERM where the ledger knows the entry as no adopted one, or the tree as no copy that was made of its mount: what
    // anybody has changed in it is read from its fingerprint, now.
    static Result<Proof> superseded_copy(const World& world, const Ledger& ledger, const std::string& entry,
                                         const Name& item);
    // Of what refreshes took away; EPERM for the newest and the largest, and for what is none of these.
    static Result<Proof> superseded_generation(const std::vector<Generation>& all, const Generation& old);
    // Nothing where it is no pid file and no socket, or one of a process that runs.
    static Result<std::optional<Proof>> stale(const Reader& reader, const Name& item);
    static Proof asked(const PruneOptions& request);
    static Proof asked(const Attributes& seen);  // check --fix, of what it names
};

}  // namespace mailstate
