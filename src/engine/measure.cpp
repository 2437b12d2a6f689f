// SPDX-License-Identifier: MIT
#include "engine/measure.hpp"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <map>
#include <mutex>
#include <utility>

#include "engine/split_path.hpp"
#include "engine/subvolume_stub.hpp"
#include "fs/digest.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// What makes a difference to a copy: not the inode, not the ctime, and not a directory's size, which filesystems count
// differently. A socket is not copied, so it does not count.
Digest digest_of_copy(const std::string& relative, const Attributes& item)
{
    std::string text = relative;
    text += '\0';
    add_number(text, static_cast<std::uint64_t>(item.kind));
    add_number(text, item.mode.bits);
    add_number(text, static_cast<std::uint32_t>(item.owner.uid));
    add_number(text, static_cast<std::uint32_t>(item.owner.gid));
    add_number(text, item.kind == Kind::directory ? 0 : item.size);
    add_number(text, static_cast<std::uint64_t>(item.mtime.seconds));
    add_number(text, item.mtime.nanoseconds);
    return digest_of(text);
}

// Sums that do not depend on the order in which threads add to them.
struct Totals {
    std::atomic<std::uint64_t> files{0}, directories{0}, bytes{0}, data{0}, high{0}, low{0}, leaving{0};
    std::mutex mutex;
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint32_t> names_to_come;  // by device and inode
    std::string held, leaves, unchangeable;                                          // the first by name

    void add(const std::string& relative, const Attributes& item)
    {
        if (item.kind == Kind::socket) return;
        (item.kind == Kind::directory ? directories : files) += 1;
        if (is_first_name(item)) add_bytes(item);
        const Digest digest = digest_of_copy(relative, item);
        high += digest.high;
        low += digest.low;
    }

    // A file of several names is copied once, and then linked.
    bool is_first_name(const Attributes& item)
    {
        if (item.kind == Kind::directory || item.links < 2) return true;
        const std::lock_guard lock(mutex);
        const auto [known, is_new] = names_to_come.try_emplace({item.device, item.inode}, item.links - 1);
        if (!is_new && --known->second == 0) names_to_come.erase(known);
        return is_new;
    }

    // A block at least, also where the filesystem keeps small content in the inode or has not counted it yet.
    void add_bytes(const Attributes& item)
    {
        constexpr std::uint64_t block = 4096;
        const std::uint64_t taken = item.blocks * 512;
        if (item.kind == Kind::directory) bytes += std::max(taken, block);
        if (item.kind != Kind::regular || item.size == 0) return;
        bytes += std::max(taken, std::min(item.size, block));
        data += item.size <= block ? item.size : std::min(taken, item.size);
    }

    void note(std::string& first, const std::string& relative)
    {
        const std::lock_guard lock(mutex);
        if (first.empty() || relative < first) first = relative;
    }

    [[nodiscard]] TreeSize result() const
    {
        TreeSize size{files, directories, bytes, to_text(Digest{high, low}), data};
        size.linked_outside = !names_to_come.empty();
        size.held = held;
        size.leaving = leaving;
        size.leaves = leaves;
        size.unchangeable = unchangeable;
        return size;
    }
};

class Measurer final : public PlainVisitor {
public:
    Measurer(const World& world, Totals& totals, const MeasureOptions& options, bool skips_storage)
        : world_(world), totals_(totals), options_(options), skips_storage_(skips_storage)
    {
    }

    Result<Descend> visit(const Place& place, Nothing& /*context*/) override
    {
        if (skips_storage_ && is_storage_name(place.relative(), world_.layout.storage_names)) return Descend::no;
        if (is_removed_but_open(place.name)) totals_.note(totals_.held, place.relative());
        if (place.attributes.kind == Kind::symlink && !options_.destination.empty()) TRY(look_where_it_leads(place));
        const bool counts = !options_.counts || place.attributes.kind == Kind::directory || options_.counts(place);
        if (!counts) return Descend::yes;
        Attributes seen = place.attributes;
        if (is_subvolume_stub(world_.reader, place.at, seen)) seen.mtime = {};
        totals_.add(place.relative(), seen);
        return Descend::yes;
    }

    Result<Nothing> enter(const Place& place, const Nothing& /*parent*/, const DirectoryRef& opened) override
    {
        TRY(ask(opened, place.relative()));
        return Nothing{};
    }

    Result<> ask(const DirectoryRef& directory, const std::string& relative)
    {
        if (options_.rights == AskRights::no) return {};
        Result<> allowed = world_.reader.check_changeable(directory);
        if (allowed || allowed.error().number == EPERM || allowed.error().number == EROFS) return {};
        if (allowed.error().number != EACCES) return allowed;
        totals_.note(totals_.unchangeable, relative);
        return {};
    }

private:
    // Its text alone tells: a link is resolved where it is, and no longer where the origin was.
    Result<> look_where_it_leads(const Place& place)
    {
        const Result<std::string> read = world_.reader.read_link(place);
        if (!read && (is_absent(read.error()) || read.error().number == EINVAL)) return {};  // gone, or another by now
        const std::string text = TRY(read);
        const std::string relative = place.relative(), below = "/" + split_path(relative).parent;
        if (text.starts_with("/")) return {};
        const std::string before = normalised(text, options_.origin + below);
        const std::string after = normalised(text, options_.destination + below);
        if (before == after || is_same_place(before, after)) return {};
        ++totals_.leaving;
        totals_.note(totals_.leaves, printable(relative) + " → " + printable(text));
        return {};
    }

    // One within the origin, the other the same within the destination.
    [[nodiscard]] bool is_same_place(const std::string& before, const std::string& after) const
    {
        if (!before.starts_with(options_.origin) || !after.starts_with(options_.destination)) return false;
        const std::string rest = before.substr(options_.origin.size());
        return (rest.empty() || rest.front() == '/') && rest == after.substr(options_.destination.size());
    }

    const World& world_;
    Totals& totals_;
    const MeasureOptions& options_;
    bool skips_storage_;
};

}  // namespace

Result<TreeSize> measure_tree(const World& world, const DirectoryRef& root, const MeasureOptions& options)
{
    Totals totals;
    const Attributes seen = TRY(world.reader.attributes(root));
    totals.add("", seen);
    Measurer measurer(world, totals, options, seen.mount_root || options.storage == StorageNames::stay);
    TRY(measurer.ask(root, "."));
    TRY(walk(world.reader, root, Nothing{}, measurer, {world.jobs, options.cross, &world.stop}));
    return totals.result();
}

TreeSize measure_file(const Attributes& attributes)
{
    Totals totals;
    totals.add("", attributes);
    return totals.result();
}

}  // namespace mailstate
