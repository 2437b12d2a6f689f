// SPDX-License-Identifier: MIT
#include "model/adoption.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "model/mount_hint.hpp"

namespace mailstate {

namespace {

std::string upper_layer(const FilesystemFacts& facts)
{
    const std::vector<std::string> options = split_list(facts.options, ',');
    const auto found = std::find_if(options.begin(), options.end(),
                                    [](const std::string& option) { return option.starts_with("upperdir="); });
    return found == options.end() ? facts.source : *found;
}

bool is_copy(const LedgerEntry& record, const EntrySurvey& seen)
{
    if (!record.adoption) return seen.copy_fingerprint == record.fingerprint;
    const std::vector<std::string>& copies = record.adoption->copies;
    return std::find(copies.begin(), copies.end(), seen.copy_fingerprint) != copies.end();
}

const Amount& amount_then(const LedgerEntry& record)
{
    return record.adoption ? record.adoption->amount : record.amount;
}

std::string text_of(const Amount& amount)
{
    return human_count(amount.files, "file", "files") + " (" + human_bytes(amount.bytes) + ")";
}

}  // namespace

std::string mount_identity(const FilesystemFacts& facts, const Attributes& root)
{
    if (facts.kind == FilesystemClass::overlay) return facts.type + " " + upper_layer(facts);
    if (facts.fsid.empty()) return facts.type + " " + facts.source + " " + facts.subtree;
    return facts.type + " fsid " + facts.fsid + " inode " + std::to_string(root.inode);
}

std::string mount_identity(const MountSeen& mount)
{
    return mount.fs_type + " " + mount.source + " " + mount.subtree;
}

AdoptedMount look_at_adopted(const LedgerEntry& record, const EntrySurvey& seen)
{
    if (!seen.size) return AdoptedMount::current;
    const TreeSize& size = *seen.size;
    if (record.adoption && record.adoption->mount != seen.mount_identity) return AdoptedMount::another;
    const bool populated = seen.destination == DestinationState::populated;
    if (populated && !is_copy(record, seen)) return AdoptedMount::changed;
    const bool complete = populated || (seen.destination == DestinationState::empty && size.files == 0);
    if (complete && size.fingerprint == record.fingerprint) return AdoptedMount::current;
    const auto [files, bytes] = amount_then(record);
    if (size.files == 0 && files > 0) return AdoptedMount::empty;
    const bool lost = size.files < files - files / 2 || size.data < bytes - bytes / 2;
    return lost ? AdoptedMount::shrunk : AdoptedMount::newer;
}

Finding refused_refresh(AdoptedMount why, const LedgerEntry& record, const EntrySurvey& seen, const std::string& entry,
                        const std::string& destination)
{
    const std::string copy = "; the copy on the volume stays unchanged";
    const std::string then = text_of(amount_then(record));
    const std::string now = seen.size ? text_of(Amount{seen.size->files, seen.size->data}) : "nothing";
    const std::string lines = mount_lines(seen);
    switch (why) {
        case AdoptedMount::empty:
            return make_finding("adoption.empty-mount", entry,
                                describe_mounts(seen) + " and is empty, but " + then + " were copied from it" + copy,
                                lines);
        case AdoptedMount::shrunk:
            return make_finding(
                "adoption.shrunken-mount", entry,
                describe_mounts(seen) + " and has " + now + " of the " + then + " that were copied from it" + copy,
                lines);
        case AdoptedMount::another:
            return make_finding(
                "adoption.another-mount", entry,
                describe_mounts(seen) + ", which is not the mount whose data was copied to the volume" + copy, lines,
                printable(destination));
        default:
            return make_finding(
                "adoption.changed-copy", entry,
                describe_mounts(seen) + ", but its copy on the volume was changed after it was created" + copy, lines,
                printable(destination));
    }
}

Finding current_copy(const EntrySurvey& seen, const std::string& entry)
{
    return make_finding("origin.adopted", entry, describe_mounts(seen) + "; its data was already copied to the volume",
                        mount_lines(seen));
}

Finding fresh_copy(const EntrySurvey& seen, const std::string& entry, bool command_follows)
{
    if (command_follows)
        return make_finding("adoption.services-start", entry,
                            "from this start on, the services write to the mount only, not to the copy on the volume",
                            mount_lines(seen));
    return make_finding("adoption.copied", entry,
                        "data written to the mount after this run is not in the copy on the volume", mount_lines(seen));
}

std::vector<Generation> superseded(const std::vector<Generation>& generations)
{
    if (generations.size() < 2) return {};
    const auto newest = generations.end() - 1;
    const auto largest = std::max_element(generations.begin(), generations.end(),
                                          [](const Generation& a, const Generation& b) { return a.bytes < b.bytes; });
    std::vector<Generation> old;
    for (auto each = generations.begin(); each != generations.end(); ++each)
        if (each != newest && each != largest) old.push_back(*each);
    return old;
}

}  // namespace mailstate
