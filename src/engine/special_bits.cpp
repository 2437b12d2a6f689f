// SPDX-License-Identifier: MIT
#include "engine/special_bits.hpp"

#include <sys/stat.h>

#include <atomic>

#include "engine/failure_tally.hpp"
#include "mailstate/text.hpp"

namespace mailstate {

namespace {

constexpr const char* note_prefix = "mode-";
constexpr std::size_t note_limit = 1U << 20U;  // bytes; a path of some thousand levels
constexpr std::uint32_t set_id = S_ISUID | S_ISGID;

struct Note {
    std::uint64_t inode = 0;
    Mode mode;
    Owner owner;
    std::string digest;
    std::string relative;  // to the state directory
};

// "inode mode uid gid digest", all numbers decimal; the path, which may hold anything, is the rest.
std::string to_text(const Note& note)
{
    return std::to_string(note.inode) + " " + std::to_string(note.mode.bits) + " " +
           std::to_string(static_cast<std::uint32_t>(note.owner.uid)) + " " +
           std::to_string(static_cast<std::uint32_t>(note.owner.gid)) + " " + note.digest + "\n" + note.relative;
}

std::optional<Note> parse_note(const std::string& text)
{
    const std::size_t line = text.find('\n');
    if (line == std::string::npos) return std::nullopt;
    const std::vector<std::string> words = split_list(text.substr(0, line), ' ');
    if (words.size() != 5) return std::nullopt;
    const auto inode = parse_decimal(words[0]), mode = parse_decimal(words[1]);
    const auto uid = parse_decimal(words[2]), gid = parse_decimal(words[3]);
    if (!inode || !mode || !uid || !gid) return std::nullopt;
    return Note{*inode,
                Mode{static_cast<std::uint32_t>(*mode)},
                {Uid{static_cast<std::uint32_t>(*uid)}, Gid{static_cast<std::uint32_t>(*gid)}},
                words[4],
                text.substr(line + 1)};
}

std::optional<std::string> below_state_dir(const World& world, const Difference& difference)
{
    const std::string path = difference.at->path().text(difference.name), top = world.layout.state_dir + "/";
    return path.starts_with(top) ? std::optional(path.substr(top.size())) : std::nullopt;
}

// A destination may be a mount of its own. Nothing there: nothing to finish.
Result<std::optional<DirectoryRef>> open_parent(const Reader& reader, DirectoryRef at, const std::string& relative)
{
    for (const std::string& name : split_list(relative, '/')) {
        const std::optional<Attributes> found = TRY(find(reader, at, name));
        if (!found || found->kind != Kind::directory) return std::optional<DirectoryRef>();
        at = TRY(reader.open_directory(at, name, Cross::yes));
    }
    return std::optional(at);
}

Result<> finish(const World& world, Writer& writer, const Workspace& workspace, const Note& note)
{
    const SplitPath path = split_path(note.relative);
    const std::optional<DirectoryRef> at = TRY(open_parent(world.reader, workspace.volume(), path.parent));
    if (!at) return {};
    const std::optional<Attributes> now = TRY(find(world.reader, *at, path.name));
    if (!now || now->kind != Kind::regular || now->inode != note.inode || now->owner != note.owner) return {};
    if (now->mode == note.mode || (now->mode.bits | set_id) != (note.mode.bits | set_id)) return {};
    if (to_text(TRY(world.reader.digest(*at, path.name, *now))) != note.digest) return {};
    (void)TRY(writer.change_ownership(*at, path.name, *now, note.owner, note.mode));
    return {};
}

}  // namespace

Result<> change_owner_noted(const World& world, Writer& writer, const Workspace& workspace,
                            const Difference& difference)
{
    const Attributes& seen = difference.seen;
    const Wanted& wanted = difference.wanted;
    const bool cleared = seen.kind == Kind::regular && wanted.owner != seen.owner && (wanted.mode.bits & set_id) != 0;
    const std::optional<std::string> relative = cleared ? below_state_dir(world, difference) : std::nullopt;
    if (!relative) return change_owner(writer, difference);

    static std::atomic<unsigned> notes{0};
    const std::string name = workspace.staging_name(note_prefix + std::to_string(++notes));
    const std::string digest = to_text(TRY(world.reader.digest(difference.at, difference.name, seen)));
    const Note note{seen.inode, wanted.mode, wanted.owner, digest, *relative};
    TRY(writer.replace_file(workspace.staging(), name, to_text(note), Mode{0600}));
    TRY(change_owner(writer, difference));                // on failure the note stays: the owner may be changed already
    (void)writer.remove_file(workspace.staging(), name);  // else the next run finds nothing to finish and removes it
    return {};
}

Result<> finish_noted(const World& world, Writer& writer, const Workspace& workspace)
{
    return each_name(world.reader, workspace.staging(), [&](const std::string& name) -> Result<> {
        if (!name.starts_with(note_prefix) || !is_staging_name(name)) return {};
        const std::string text = TRY(world.reader.read_file(workspace.staging(), name, note_limit));
        const std::optional<Note> note = parse_note(text);
        return note ? finish(world, writer, workspace, *note) : Result<>{};
    });
}

}  // namespace mailstate
