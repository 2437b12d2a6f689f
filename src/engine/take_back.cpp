// SPDX-License-Identifier: MIT
#include "engine/take_back.hpp"

#include <cerrno>

#include "engine/remove_tree.hpp"
#include "engine/same_content.hpp"
#include "engine/tree_sum.hpp"

namespace mailstate {

namespace {

Result<bool> is_untouched(const Run& run, const Entry& entry, const Name& taken, const Published& published)
{
    if (entry.kind == Kind::regular)
        return sum_of_file(TRY(run.world.reader.fresh_attributes(taken))) == published.copy;
    const DirectoryRef tree = TRY(run.world.reader.open_directory(taken, Cross::no));
    return TRY(sum_of_tree(run.world, tree)) == published.copy;
}

Result<std::string> put_back(const Run& run, const Entry& entry, const Name& taken, const Name& to)
{
    const Result<> back = run.writer.rename(taken, to, Replace::no);
    if (back) return std::string();
    return displace_whole(run.world, run.writer, run.workspace, entry, taken);
}

}  // namespace

Result<std::string> take_back(const Run& run, const EntryPlaces& places, const Published& published)
{
    if (!published.root) return std::string();  // filled in place: it stays
    const Entry& entry = places.entry;
    const Name& to = places.destination;
    const Name taken{run.workspace.staging(), run.workspace.staging_name(entry.name + "-taken")};
    const Result<> renamed = run.writer.rename(to, taken, Replace::no);
    if (!renamed && renamed.error().number == ENOENT) return std::string();
    TRY(renamed);
    const Attributes there = TRY(run.world.reader.fresh_attributes(taken));
    const bool is_ours = same_inode(there, *published.root);
    if (!is_ours || (!TRY(is_untouched(run, entry, taken, published)) &&
                     !have_same_content(run.world, entry.kind, places.origin, taken)))
        return put_back(run, entry, taken, to);
    forget_entry(run, entry);
    (void)run.workspace.save_ledger();  // the next run finds no destination, whatever the ledger says
    TRY(remove_own(run.world, run.writer, taken));
    return std::string();
}

}  // namespace mailstate
