// SPDX-License-Identifier: MIT
#include "model/adoption.hpp"

#include <algorithm>

#include "mailstate/text.hpp"
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

std::uint64_t files_then(const LedgerEntry& record)
{
    return record.adoption ? record.adoption->files : record.files;
}

std::uint64_t bytes_then(const LedgerEntry& record)
{
    return record.adoption ? record.adoption->bytes : record.bytes;
}

std::string amount(std::uint64_t files, std::uint64_t bytes)
{
    return human_count(files, "file", "files") + " (" + human_bytes(bytes) + ")";
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
    const std::uint64_t files = files_then(record), bytes = bytes_then(record);
    if (size.files == 0 && files > 0) return AdoptedMount::empty;
    const bool lost = size.files < files - files / 2 || size.data < bytes - bytes / 2;
    return lost ? AdoptedMount::shrunk : AdoptedMount::newer;
}

Finding refused_refresh(AdoptedMount why, const LedgerEntry& record, const EntrySurvey& seen, const std::string& entry,
                        const std::string& destination)
{
    const std::string copy = "; the copy on the volume is left as it is";
    const std::string then = amount(files_then(record), bytes_then(record));
    const std::string now = seen.size ? amount(seen.size->files, seen.size->data) : "nothing";
    const std::string use_copy =
        "To go on with the copy, stop the services and remove " + mount_lines(seen) + ", then start. ";
    const std::string confirm =
        "If the mount is right as it is, stop the services and run 'mailstate apply --adopt-mounts' alone: what the "
        "copy has and the mount lacks is set aside.";
    const std::string replace = "To take the data of the mount instead, stop the services, move " +
                                printable(destination) + " away and run 'mailstate apply --adopt-mounts' alone.";
    switch (why) {
        case AdoptedMount::empty:
            return {Severity::error, "adoption.empty-mount", entry,
                    describe_mounts(seen) + " and is empty, but " + then + " were copied from it" + copy,
                    "Check that the disk behind the mount is there. " + use_copy + confirm};
        case AdoptedMount::shrunk:
            return {Severity::error, "adoption.shrunken-mount", entry,
                    describe_mounts(seen) + " and has " + now + " of the " + then + " that were copied from it" + copy,
                    "Check that the mount is complete. " + use_copy + confirm};
        case AdoptedMount::another:
            return {Severity::error, "adoption.another-mount", entry,
                    describe_mounts(seen) + ", which is not the mount whose data was copied to the volume" + copy,
                    "Check that the right disk or volume is mounted. " + use_copy + replace};
        default:
            return {Severity::error, "adoption.changed-copy", entry,
                    describe_mounts(seen) + ", but its copy on the volume was changed since it was made" + copy,
                    use_copy + replace};
    }
}

Finding current_copy(const EntrySurvey& seen, const std::string& entry)
{
    return {Severity::note, "origin.adopted", entry,
            describe_mounts(seen) + "; its data was already copied to the volume",
            "To switch over: stop the services, run 'mailstate apply' once more with the mount, remove " +
                mount_lines(seen) + ", then start. What is written after that apply is in the mount only."};
}

Finding fresh_copy(const EntrySurvey& seen, const std::string& entry, bool command_follows)
{
    const std::string hint =
        "To switch over: stop the services, run 'mailstate apply --adopt-mounts' once more, alone in a one-off "
        "container with the same mounts, remove " +
        mount_lines(seen) + ", then start.";
    if (command_follows)
        return {Severity::warning, "adoption.services-start", entry,
                "what the services write from this start on is in the mount only, not in the copy on the volume", hint};
    return {Severity::note, "adoption.copied", entry,
            "what is written to the mount after this run is not in the copy on the volume", hint};
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
