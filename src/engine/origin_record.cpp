// SPDX-License-Identifier: MIT
#include "engine/origin_record.hpp"

#include <cerrno>

#include "engine/removal.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t record_limit = 16384;  // bytes; ours has a few hundred
constexpr std::string_view boot_prefix = "boot ";

// Of reading a record: it is none, or something else has its name.
bool is_none_of_ours(const Error& error)
{
    return is_absent(error) || error.number == EFBIG || error.number == EINVAL;
}

// Empty where there is none. A torn line is none: it has no end.
Result<std::string> line_of_record(const Reader& reader, const Name& record, std::size_t number)
{
    const Result<std::string> text = reader.read_file(record, record_limit);
    if (!text && is_none_of_ours(text.error())) return std::string();
    if (!text) return fail(text.error());
    const std::vector<std::string_view> lines = fields_between('\n', *text);
    return number + 1 < lines.size() ? std::string(lines[number]) : std::string();
}

// Of an overlay's options: the one directory that no other container has.
std::string layer_of(const FilesystemFacts& facts)
{
    for (const std::string& option : split_list(facts.options, ','))
        if (option.starts_with("upperdir=")) return option;
    return {};
}

struct FoundOrigin {
    FilesystemFacts facts;
    Attributes seen;
};

Result<FoundOrigin> look_at(const World& world, const Name& spot)
{
    const Attributes seen = TRY(world.reader.attributes(spot));
    if (seen.kind != Kind::directory) return FoundOrigin{TRY(world.reader.filesystem(spot.at)), seen};
    const DirectoryRef directory = TRY(world.reader.open_directory(spot, Cross::yes));
    const Attributes opened = TRY(world.reader.attributes(directory));
    return FoundOrigin{TRY(world.reader.filesystem(directory)), opened};
}

}  // namespace

std::string origin_record_name(const std::string& entry, const std::string& run)
{
    return origin_record_prefix + entry + "." + run;
}

Result<std::string> identity_of_origin(const World& world, const Entry& entry, const Name& origin)
{
    const FoundOrigin found = TRY(look_at(world, origin));
    const Holder self = world.reader.holder();
    std::string text = entry.name + " " + std::string(name_of(found.seen.kind));
    for (const std::string& part : {found.facts.type, found.facts.source, layer_of(found.facts),
                                    std::to_string(found.seen.inode), self.container_id, self.host})
        text += " \"" + printable(part) + "\"";
    return text;
}

Result<> write_origin_record(const Run& run, const EntryPlaces& places)
{
    const std::string name = origin_record_name(places.entry.name, run.workspace.run());
    const std::string text = TRY(identity_of_origin(run.world, places.entry, places.origin)) + "\n" +
                             std::string(boot_prefix) + run.world.reader.holder().boot_id + "\n";
    Result<> made = run.writer.make_file({run.workspace.staging(), name}, text, Mode{0600});
    if (!made && made.error().number == EEXIST) return {};  // of an earlier attempt of this run
    return made;
}

// Of a copy that was gone on with, the record is that of the run that began it.
Result<> remove_origin_record(const Run& run, const Entry& entry)
{
    const auto kept = run.workspace.kept_copies.find(entry.name);
    const bool is_ours = kept == run.workspace.kept_copies.end();
    const std::string name = origin_record_name(entry.name, is_ours ? run.workspace.run() : kept->second.run);
    return run.writer.remove_file({run.workspace.staging(), name}, TRY(Removal::own({run.workspace.staging(), name})));
}

Result<std::string> recorded_origin(const Reader& reader, const DirectoryRef& staging, const std::string& entry,
                                    const std::string& run)
{
    return line_of_record(reader, {staging, origin_record_name(entry, run)}, 0);
}

std::string recorded_boot(const Reader& reader, const DirectoryRef& staging, const std::string& entry,
                          const std::string& run)
{
    const std::string line = line_of_record(reader, {staging, origin_record_name(entry, run)}, 1).value_or("");
    return line.starts_with(boot_prefix) ? line.substr(boot_prefix.size()) : std::string();
}

}  // namespace mailstate
