// SPDX-License-Identifier: MIT
#include "engine/ledger_trust.hpp"

#include "engine/staging_name.hpp"
#include "engine/workspace_names.hpp"
#include "mailstate/model/finding_table.hpp"
#include "mailstate/model/renumber.hpp"

namespace mailstate {

namespace {

enum class Widened : bool { refuse, accept };

bool is_roots(const Attributes& item, Kind kind, Widened widened)
{
    constexpr std::uint32_t others_write = 022;
    const bool closed = widened == Widened::accept || (item.mode.bits & others_write) == 0;
    const bool one_name = kind == Kind::directory || item.links == 1;
    return item.kind == kind && item.owner.uid == Uid{0} && closed && one_name;
}

// Where RENAME_NOREPLACE is refused a ledger gets its name by link(2): a run that was killed right after that has left
// the name that it wrote under, in staging, where nobody but root can make one.
Result<bool> has_name_in_staging(const Reader& reader, const DirectoryRef& workspace, const Attributes& ledger)
{
    const Result<DirectoryRef> staging = reader.open_directory({workspace, staging_directory}, Cross::no);
    if (!staging) return false;
    for (const std::string& name : TRY(all_names(reader, *staging))) {
        if (!is_scratch(name)) continue;
        const std::optional<Attributes> written = TRY(find(reader, {*staging, name}));
        if (written && same_inode(*written, ledger)) return true;
    }
    return false;
}

}  // namespace

bool keeps_owners_and_modes(const FilesystemFacts& facts)
{
    const bool is_elsewhere = facts.kind == FilesystemClass::fuse || facts.kind == FilesystemClass::shared ||
                              facts.kind == FilesystemClass::network;
    return !is_elsewhere && !lacks(inferred_capabilities(facts), Ability::chown);  // FAT, NTFS
}

Result<bool> is_roots_own(const Reader& reader, const Name& file)
{
    // fsGroup and chmod -R open it to others at each start, and the next run closes it: root's it is all the time.
    const Result<FilesystemFacts> facts = reader.filesystem(file.at);
    const Widened widened{facts && keeps_owners_and_modes(*facts)};
    if (!is_roots(TRY(reader.attributes(file.at)), Kind::directory, widened)) return false;
    Attributes ledger = TRY(reader.attributes(file));
    if (ledger.links == 2 && TRY(has_name_in_staging(reader, file.at, ledger))) ledger.links = 1;
    return is_roots(ledger, Kind::regular, widened);
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
                        "the ledger says that users had different numbers, but users other than root can write to it, "
                        "so no owner is translated");
}

}  // namespace mailstate
