// SPDX-License-Identifier: MIT
// Restoring what was set aside: displaced_restore.cpp looks whether it may be done, restore_copy.cpp does it.
#pragma once

#include <string>
#include <vector>

#include "engine/run_log.hpp"
#include "mailstate/engine/displaced.hpp"

namespace mailstate {

// What is where something is to be restored to.
enum class Taken { free, empty, populated };

// One restore, as far as it has come.
struct Restoring {
    const World& world;
    const RestoreOptions& options;
    RunLog log{world, {}};
    std::vector<DisplacedItem> items{};  // the one that is asked for; none where there is none of that name
    Taken taken = Taken::free;

    [[nodiscard]] const DisplacedItem& item() const { return items.front(); }
    [[nodiscard]] const Entry* entry() const;  // null where the layout has none of that name
};

// To the entry's destination; or to where the options say, which is no place of mailstate's. Both copy, compare and
// make durable before the first name changes.
Result<> restore_in_place(Restoring& restoring, Writer& writer, Workspace& workspace);
Result<> restore_beside(Restoring& restoring, Writer& writer, const Workspace& workspace);

}  // namespace mailstate
