// SPDX-License-Identifier: MIT
#include "engine/ledger_trust.hpp"

#include "mailstate/finding_table.hpp"
#include "mailstate/renumber.hpp"

namespace mailstate {

namespace {

bool is_roots(const Attributes& item, Kind kind)
{
    constexpr std::uint32_t others_write = 022;
    return item.kind == kind && item.owner.uid == Uid{0} && (item.mode.bits & others_write) == 0;
}

}  // namespace

Result<bool> is_roots_own(const Reader& reader, const DirectoryRef& workspace, std::string_view name)
{
    if (!is_roots(TRY(reader.attributes(workspace)), Kind::directory)) return false;
    return is_roots(TRY(reader.attributes(workspace, name)), Kind::regular);
}

void forget_numbers(Ledger& ledger)
{
    ledger.identities.reset();
    ledger.translation.reset();
}

std::optional<Finding> disbelieved_numbers(const Ledger& said, const Identities& now, const std::string& subject)
{
    const bool would_change = said.translation || !renumbered(said.identities, now).empty();
    if (!would_change) return std::nullopt;
    return make_finding("ids.not-believed", subject,
                        "the ledger says that users had other numbers, but others than root can write it: no owner is "
                        "translated");
}

}  // namespace mailstate
