// SPDX-License-Identifier: MIT
#include "engine/foreign_copy.hpp"

#include <algorithm>
#include <cctype>
#include <cerrno>

#include "engine/beginning.hpp"
#include "engine/judge.hpp"
#include "engine/measure.hpp"
#include "mailstate/base/text.hpp"
#include "model/storage_names.hpp"

namespace mailstate {

namespace {

// What services write anew at each start, so that a shorter one is no sign of a copy that was interrupted.
bool is_of_a_process(std::string_view name)
{
    return name.ends_with(".pid") || name.ends_with(".lock") || name.ends_with(".lck") || name == "pid" ||
           name == "lock" || name == ".lock";
}

// Of --partial-dir, as its manual page and everybody after it calls it, and of --delay-updates.
bool is_partial_directory(const Place& place)
{
    return place.attributes.kind == Kind::directory && (place.name == ".rsync-partial" || place.name == ".~tmp~");
}

// ".dump.rdb.Xa12Bc" is dump.rdb on its way, or .dump.rdb, whose dot rsync does not write twice.
std::vector<std::string> names_behind_temporary(const std::string& name)
{
    constexpr std::size_t digits = 6;  // of mkstemp(3), and the dot before them
    if (name.size() < digits + 3 || name.front() != '.' || name[name.size() - digits - 1] != '.') return {};
    const auto is_digit = [](unsigned char letter) { return std::isalnum(letter) != 0; };
    if (!std::ranges::all_of(name.substr(name.size() - digits), is_digit)) return {};
    const std::string with_dot = name.substr(0, name.size() - digits - 1);
    return {with_dot.substr(1), with_dot};
}

// cp and mv make a directory as root, with the umask's mode or narrower, and give it owner and mode when all in it is
// copied.
bool is_still_the_copiers(const Attributes& copy, const Attributes& origin)
{
    const bool copiers = copy.owner == Owner{} && (copy.mode.bits & 0700U) == 0700U && (copy.mode.bits & 07022U) == 0;
    const bool narrowed = copy.mode.bits == 0700U && origin.mode != copy.mode;
    return copiers && (origin.owner != copy.owner || narrowed);
}

// What the names of a directory of the copy are compared with.
struct Opposite {
    DirectoryRef origin;
    bool partial = false;  // the directory is one of rsync's, for files that are not whole
};

// Compares a copy's names with the origin's. Ends early, by an error, where the copy has something of its own.
class Likening final : public TreeVisitor<Opposite> {
public:
    explicit Likening(const World& world) : world_(world) {}

    Result<Descend> visit(const Place& place, Opposite& opposite) override
    {
        if (is_storage_name(place.relative(), world_.layout.storage_names)) return Descend::no;
        const DirectoryRef& origin = opposite.origin;
        const std::optional<Attributes> there = TRY(find(world_.reader, {origin, place.name}));
        if (opposite.partial && there) return liken_partial(place, {{origin, place.name}, *there});
        if (!there && is_partial_directory(place)) return Descend::yes;
        if (!there && place.attributes.kind == Kind::regular) return liken_temporary(place, origin);
        if (!there || there->kind != place.attributes.kind) return its_own(place.path());
        ++names_;
        TRY(liken(place, {{origin, place.name}, *there}));
        return Descend::yes;
    }

    Result<Opposite> enter(const Place& place, const Opposite& above, const DirectoryRef& opened) override
    {
        if (is_partial_directory(place) && !TRY(find(world_.reader, {above.origin, place.name})))
            return Opposite{above.origin, true};
        DirectoryRef same = TRY(world_.reader.open_directory({above.origin, place.name}, Cross::no));
        liken_directories(place.path(), TRY(world_.reader.attributes(opened)), TRY(world_.reader.attributes(same)));
        return Opposite{same};
    }

    // From any thread, as are those below.
    Result<> liken(const Place& copy, const Place& origin)
    {
        const Attributes &seen = copy.attributes, &there = origin.attributes;
        switch (seen.kind) {
            case Kind::regular:
                return liken_files(copy, origin);
            case Kind::symlink:
                if (TRY(content_digest(world_.reader, copy)) == TRY(content_digest(world_.reader, origin))) return {};
                return its_own(copy.path());
            case Kind::char_device:
            case Kind::block_device:
                return seen.rdev == there.rdev ? Result<>{} : its_own(copy.path());
            default:
                return {};
        }
    }

    void liken_directories(const std::string& path, const Attributes& copy, const Attributes& origin)
    {
        if (is_still_the_copiers(copy, origin)) note(path + " still has the owner and the mode of the copier");
    }

    [[nodiscard]] bool has_its_own() const { return has_its_own_; }

    ForeignCopy verdict(std::uint64_t names_of_origin)
    {
        ForeignCopy copy;
        copy.lacking = names_of_origin - std::min<std::uint64_t>(names_of_origin, names_);
        copy.evidence = evidence_;
        const bool lacks = copy.lacking > 0 || shorter_ > 0;
        copy.likeness = !evidence_.empty() ? Likeness::interrupted : lacks ? Likeness::partial : Likeness::equal;
        return copy;
    }

private:
    Result<> liken_files(const Place& copy, const Place& origin)
    {
        const std::uint64_t size = copy.attributes.size, whole = origin.attributes.size;
        if (!TRY(is_beginning(world_.reader, copy, origin))) return its_own(copy.path());
        if (size == whole) return {};
        ++shorter_;
        // Every file begins with nothing: an empty one shows nothing.
        if (size > 0 && !is_of_a_process(copy.name))
            note(copy.path() + " ends after " + human_bytes(size) + " of " + human_bytes(whole));
        return {};
    }

    // rsync writes a file under a temporary name, and renames it when it is whole.
    Result<Descend> liken_temporary(const Place& copy, const DirectoryRef& origin)
    {
        for (const std::string& name : names_behind_temporary(copy.name)) {
            const std::optional<Attributes> there = TRY(find(world_.reader, {origin, name}));
            if (there) return liken_partial(copy, {{origin, name}, *there});
        }
        return its_own(copy.path());
    }

    Result<Descend> liken_partial(const Place& copy, const Place& origin)
    {
        const std::uint64_t size = copy.attributes.size;
        if (copy.attributes.kind != Kind::regular || origin.attributes.kind != Kind::regular ||
            !TRY(is_beginning(world_.reader, copy, origin)))
            return its_own(copy.path());
        ++shorter_;
        if (size > 0)
            note(copy.path() + " is where rsync had copied " + human_bytes(size) + " of " +
                 human_bytes(origin.attributes.size) + " of " + origin.name);
        return Descend::no;
    }

    Failure its_own(const std::string& path)
    {
        has_its_own_ = true;
        return fail(Error{EEXIST, "", path, "is the destination's own", ""});
    }

    void note(const std::string& evidence)
    {
        const std::lock_guard lock(mutex_);
        if (evidence_.empty() || evidence < evidence_) evidence_ = printable(evidence);
    }

    const World& world_;
    std::atomic<std::uint64_t> names_{0}, shorter_{0};
    std::atomic<bool> has_its_own_{false};
    std::mutex mutex_;
    std::string evidence_;
};

// Sockets count here: the copy may have them, too.
class Counter final : public TreeVisitor<Kind> {
public:
    explicit Counter(const std::vector<std::string>& storage_names) : storage_names_(storage_names) {}

    Result<Descend> visit(const Place& place, Kind& /*context*/) override
    {
        if (is_storage_name(place.relative(), storage_names_)) return Descend::no;
        ++names;
        return Descend::yes;
    }
    Result<Kind> enter(const Place& /*place*/, const Kind& kind, const DirectoryRef& /*opened*/) override
    {
        return kind;
    }

    std::atomic<std::uint64_t> names{0};

private:
    const std::vector<std::string>& storage_names_;
};

Result<TreeSize> measure_copy(const World& world, const DirectoryRef& copy)
{
    return measure_tree(world, copy, {Cross::no, {}, AskRights::no, StorageNames::stay});
}

Result<ForeignCopy> compare_directories(const World& world, const Place& origin, const Place& copy)
{
    const Reader& reader = world.reader;
    const DirectoryRef from = TRY(reader.open_directory(origin, Cross::no));
    const DirectoryRef to = TRY(reader.open_directory(copy, Cross::yes));  // it may be a mount of its own
    const WalkOptions how{world.jobs, Cross::no, &world.stop};
    Likening likening(world);
    const Result<> walked = walk(reader, to, Opposite{from}, likening, how);
    if (likening.has_its_own()) {
        const TreeSize size = TRY(measure_copy(world, to));
        return ForeignCopy{Likeness::different, "", 0, size};
    }
    TRY(walked);
    likening.liken_directories(copy.path(), copy.attributes, origin.attributes);
    Counter counter(world.layout.storage_names);
    TRY(walk(reader, from, Kind::directory, counter, how));
    ForeignCopy verdict = likening.verdict(counter.names);
    verdict.destination = TRY(measure_copy(world, to));
    return verdict;
}

Result<ForeignCopy> compare_files(const World& world, const Place& origin, const Place& copy)
{
    Likening likening(world);
    const Result<> likened = likening.liken(copy, origin);
    if (likening.has_its_own()) return ForeignCopy{};
    TRY(likened);
    ForeignCopy verdict = likening.verdict(0);
    verdict.destination = measure_file(copy.attributes);
    return verdict;
}

// Of one that was only made: its lock, its folders, and what is being written.
Result<bool> is_bare(const Reader& reader, const DirectoryRef& workspace)
{
    bool bare = true;
    TRY(each_name(reader, workspace, [&](const std::string& name) -> Result<> {
        const bool lock = name.starts_with("lock") || name.starts_with("lease") || name.starts_with(".");
        bare = bare && (lock || name == staging_directory || name == displaced_name);
        return {};
    }));
    const Result<DirectoryRef> displaced = reader.open_directory({workspace, displaced_name}, Cross::no);
    if (displaced)
        TRY(each_name(reader, *displaced, [&](const std::string& /*name*/) -> Result<> {
            bare = false;
            return {};
        }));
    return bare;
}

// Somebody may have moved one aside under another name.
Result<bool> has_shape_of_workspace(const Reader& reader, const Name& item)
{
    const Result<DirectoryRef> opened = reader.open_directory(item, Cross::no);
    if (!opened) return false;
    const bool history = TRY(find(reader, {*opened, history_name})).has_value();
    const bool displaced = TRY(find(reader, {*opened, displaced_name})).has_value();
    const bool staging = TRY(find(reader, {*opened, staging_directory})).has_value();
    return history || (displaced && staging);
}

}  // namespace

Result<bool> is_untouched(const Reader& reader, const DirectoryRef& volume)
{
    bool untouched = true;
    TRY(each_name(reader, volume, [&](const std::string& name) -> Result<> {
        if (!untouched) return {};
        if (name == workspace_name) {
            const Result<DirectoryRef> workspace = reader.open_directory({volume, name}, Cross::no);
            untouched = workspace && TRY(is_bare(reader, *workspace));
        } else {
            untouched =
                name.find("mailstate") == std::string::npos && !TRY(has_shape_of_workspace(reader, {volume, name}));
        }
        return {};
    }));
    return untouched;
}

Result<ForeignCopy> compare_foreign_copy(const World& world, Kind kind, const Name& origin, const Name& destination)
{
    const Attributes from = TRY(world.reader.attributes(origin));
    const Attributes to = TRY(world.reader.attributes(destination));
    const Place source{origin, from}, copy{destination, to};
    return kind == Kind::directory ? compare_directories(world, source, copy) : compare_files(world, source, copy);
}

}  // namespace mailstate
