// SPDX-License-Identifier: MIT
// What a roll back has beside an origin: see mailstate/rollback.hpp.
#pragma once

#include "engine/entry_places.hpp"
#include "mailstate/fs/writer.hpp"

namespace mailstate {

// Beside an origin /var/lib/redis: ".mailstate.rollback-redis". No origin's temporary_name() can be the same.
std::string rollback_name(const std::string& origin_name);
inline constexpr const char* rollback_state = "state";
inline constexpr const char* rollback_record = "record";

// The link that a roll back took away, where a kill kept it from being removed.
Result<> finish_rollback(const World& world, Writer& writer, const Name& origin);

// Once the origin is a link again: the record has no more to tell.
Result<> remove_rollback(const World& world, Writer& writer, const Name& origin);

}  // namespace mailstate
