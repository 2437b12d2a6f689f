// SPDX-License-Identifier: MIT
#include "engine/clone_world.hpp"

#include <cerrno>

#include "engine/digits.hpp"
#include "engine/entry_places.hpp"
#include "engine/origin.hpp"
#include "engine/rolled_back.hpp"
#include "engine/workspace.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/fs/durability.hpp"

namespace mailstate {

namespace {

Result<DirectoryRef> make_parents(const CloneSite& site, std::string_view path)
{
    return make_below(site.world.reader, site.writer, site.root, path);
}

// passwd(5) or group(5) of names and numbers; nothing else of a line is ever read.
template <class Numbers>
std::string account_lines(const Numbers& numbers, const char* rest)
{
    std::string text;
    for (const auto& [name, number] : numbers)
        text += name + ":x:" + std::to_string(static_cast<std::uint32_t>(number)) + ":" + rest + "\n";
    return text;
}

Result<> clone_accounts(const CloneSite& site)
{
    const Identities ids = identities_of_clone(site.survey.identities, site.root->acting_as());
    const DirectoryRef etc = TRY(make_parents(site, "etc"));
    TRY(site.writer.make_file({etc, "passwd"}, account_lines(ids.users, "0::/:"), Mode{0644}));
    return site.writer.make_file({etc, "group"}, account_lines(ids.groups, ""), Mode{0644});
}

// A file of the image, where there is one.
Result<> clone_file(const CloneSite& site, const std::string& path)
{
    const Reader& reader = site.world.reader;
    const SplitPath split = split_path(path);
    const Result<DirectoryRef> at = reader.open(split.parent);
    if (!at && at.error().number == ENOENT) return {};
    const std::optional<Attributes> seen = TRY(find(reader, {TRY(at), split.name}));
    if (!seen || seen->kind != Kind::regular) return {};
    const DirectoryRef to = TRY(make_parents(site, split.parent));
    (void)TRY(copy_item(site.world, site.writer, {{*at, split.name}, *seen}, {to, split.name}, durable_in(reader, to)));
    return {};
}

Result<> clone_ledger(const CloneSite& site, const DirectoryRef& workspace)
{
    if (!site.survey.ledger) return {};
    Ledger ledger = *site.survey.ledger;
    if (ledger.identities && site.root->acting_as())
        ledger.identities = identities_of_clone(*ledger.identities, site.root->acting_as());
    return site.writer.make_file({workspace, ledger_name(1)}, to_json_text(ledger), Mode{0600});
}

// What was set aside is told by the manifests: it is not set aside again.
Result<> clone_manifests(const CloneSite& site, const DirectoryRef& from, const DirectoryRef& to)
{
    const Reader& reader = site.world.reader;
    return each_name(reader, from, [&](const std::string& name) -> Result<> {
        if (!name.ends_with(".json")) return {};
        const std::optional<Attributes> seen = TRY(find(reader, {from, name}));
        if (!seen || seen->kind != Kind::regular) return {};
        (void)TRY(copy_item(site.world, site.writer, {{from, name}, *seen}, {to, name}, durable_in(reader, to)));
        return {};
    });
}

Result<> clone_workspace(const CloneSite& site, const DirectoryRef& state)
{
    if (!site.survey.volume.workspace_present) return {};
    const Reader& reader = site.world.reader;
    const DirectoryRef volume = TRY(reader.open(site.world.layout.state_dir));
    const DirectoryRef from = TRY(reader.open_directory({volume, workspace_name}, Cross::no));
    const DirectoryRef to = TRY(site.writer.make_directory({state, workspace_name}, Mode{0700}));
    TRY(clone_ledger(site, to));
    const Result<DirectoryRef> displaced = reader.open_directory({from, "displaced"}, Cross::no);
    if (!displaced) return {};
    return clone_manifests(site, *displaced, TRY(site.writer.make_directory({to, "displaced"}, Mode{0700})));
}

// The copy of a file with names outside of its entry has one, too: apply must see what it would see.
Result<> keep_names_outside(const CloneSite& site, const DirectoryRef& copy, const CopyTotals& totals)
{
    for (const OutsideLink& link : totals.outside) {
        const SplitPath split = split_path(link.relative);
        const DirectoryRef at = TRY(open_below(site.world.reader, copy, split.parent));
        TRY(site.writer.make_hard_link({at, split.name}, {site.outside, random_digits()}));
    }
    return {};
}

class EntryCloner {
public:
    EntryCloner(const CloneSite& site, const Sample& sample) : site_(site), reader_(site.world.reader), sample_(sample)
    {
    }

    // One name with all below it, where it is there.
    Result<Load> clone(const Name& from, const DirectoryRef& to)
    {
        const std::optional<Attributes> seen = TRY(find(reader_, from));
        if (!seen || seen->kind == Kind::socket) return Load{};
        if (seen->immutable) ++immutable_;
        if (seen->kind == Kind::directory) return clone_directory(from, to);
        const std::uint64_t bytes =
            TRY(copy_item(site_.world, site_.writer, {from, *seen}, {to, from.name}, durable_in(reader_, to)));
        return Load{1, bytes};
    }

    [[nodiscard]] std::uint64_t immutable() const { return immutable_; }
    [[nodiscard]] bool holds_scratch() const { return holds_scratch_; }

private:
    bool is_scratch(const Attributes& attributes)
    {
        if (!same_inode(attributes, site_.scratch)) return false;
        holds_scratch_ = true;
        return true;
    }

    Result<Load> clone_directory(const Name& from, const DirectoryRef& to)
    {
        const DirectoryRef tree = TRY(reader_.open_directory(from, Cross::no));
        const DirectoryRef made = TRY(site_.writer.make_directory({to, from.name}, Mode{0700}));
        CopyOptions options;
        options.takes = [this](const Place& place) {
            if (is_scratch(place.attributes)) return false;
            if (place.attributes.immutable) ++immutable_;
            const bool is_directory = place.attributes.kind == Kind::directory;
            if (is_directory) ++directories_;
            return is_directory || sample_.takes(place.relative());
        };
        directories_ = 1;
        const CopyTotals totals = TRY(copy_tree(site_.world, site_.writer, tree, made, options));
        if (sample_.is_whole()) TRY(keep_names_outside(site_, made, totals));
        return Load{totals.copied.files + directories_, totals.copied.bytes};
    }

    const CloneSite& site_;
    const Reader& reader_;
    const Sample& sample_;
    std::atomic<std::uint64_t> immutable_{0}, directories_{0};
    std::atomic<bool> holds_scratch_{false};
};

}  // namespace

Identities identities_of_clone(const Identities& real, const std::optional<Owner>& owner)
{
    Identities ids = real;
    if (!owner) return ids;
    for (auto& [name, uid] : ids.users) uid = owner->uid;
    for (auto& [name, gid] : ids.groups) gid = owner->gid;
    return ids;
}

Result<std::vector<std::string>> clone_records(const CloneSite& site)
{
    std::vector<std::string> missing;
    TRY(clone_accounts(site));
    std::vector<std::string> files = {"/etc/postfix/main.cf", seal_path};
    for (const Binary& binary : site.world.layout.binaries) files.push_back(binary.path);
    for (const std::string& file : files) {
        const Result<> cloned = clone_file(site, file);
        if (!cloned && cloned.error().number == ECANCELED) return fail(cloned.error());
        if (!cloned) missing.push_back(printable(file) + ": " + describe(cloned.error()));
    }
    TRY(clone_workspace(site, TRY(make_parents(site, site.world.layout.state_dir))));
    return missing;
}

Result<ClonedEntry> clone_entry(const CloneSite& site, const Entry& entry, const Sample& sample)
{
    ClonedEntry cloned;
    EntryCloner cloner(site, sample);
    const Name origin = TRY(find_origin(site.world, entry));
    const DirectoryRef beside = TRY(make_parents(site, split_path(entry.origin).parent));
    cloned.origin = TRY(cloner.clone(origin, beside));
    for (const std::string& left : {temporary_name(origin.name), rollback_name(origin.name)})
        (void)TRY(cloner.clone({origin.at, left}, beside));
    const Result<Name> destination = find_destination(site.world, entry);
    if (!destination && destination.error().number != ENOENT) return fail(destination.error());
    if (destination) {
        const std::string parent = split_path(destination_path(site.world.layout, entry)).parent;
        cloned.destination = TRY(cloner.clone(*destination, TRY(make_parents(site, parent))));
    }
    cloned.immutable = cloner.immutable();
    cloned.holds_scratch = cloner.holds_scratch();
    return cloned;
}

}  // namespace mailstate
