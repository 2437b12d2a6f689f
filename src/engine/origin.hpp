// SPDX-License-Identifier: MIT
// Turning an origin into a link: the commit point of a move. The destination is whole and durable by then.
#pragma once

#include "engine/displace.hpp"
#include "engine/entry_places.hpp"

namespace mailstate {

// Beside an origin /var/lib/redis: /var/lib/.mailstate-redis. First the new link, then, after an exchange, the old
// tree.
std::string temporary_name(const std::string& origin_name);

struct OriginLink {
    const EntryPlaces& places;
    std::string text;        // "/var/mail-state/lib-redis"
    DirectoryRef kept;       // the destination, or for a file the directory that holds it
    bool* midway = nullptr;  // set from when the origin may be no longer whole until it is a link
};

// An origin that is absent: just the link.
Result<> link_absent(const World& world, Writer& writer, const OriginLink& link);

// A directory or a file whose content is safe by the judge. EBUSY where something is mounted in it, or where it has
// content that came after the judge looked; then the origin is as it was. A kill at any point leaves the origin whole,
// or an old tree under temporary_name() that clear_leftover() of the next run removes, or (in a lower layer of an
// overlay, where directories cannot be exchanged) an origin that is partly emptied, with the destination whole and
// recorded.
Result<> replace_by_link(const World& world, Writer& writer, const OriginLink& link, const Judge& judge);

// What a run that was cut off left under temporary_name(). `displaced` is filled where the old tree had content of its
// own.
Result<Displaced> clear_leftover(const World& world, Writer& writer, Workspace& workspace, const OriginLink& link,
                                 const Judge& judge, SetAside& set_aside);

// Did the kernel refuse to exchange, so that it has to be done in steps?
bool exchange_is_refused(const Error& error);

// EBUSY where something is mounted at or below the name.
Result<> check_no_mounts(const Reader& reader, const Name& item);

}  // namespace mailstate
