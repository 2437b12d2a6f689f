// SPDX-License-Identifier: MIT
#include "app/commands/session.hpp"

#include <algorithm>

#include "app/answers/refusal.hpp"
#include "app/cli/command_table.hpp"
#include "app/cli/option_table.hpp"
#include "app/cli/program_version.hpp"
#include "app/commands/choose_layout.hpp"
#include "app/files/files.hpp"
#include "app/process_setup.hpp"
#include "engine/logger.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/renumber.hpp"
#include "mailstate/posix/lock_state.hpp"

namespace mailstate {

namespace {

Result<Settings> load_settings(const Call& call, const Layout& layout)
{
    const std::string& file = call.options.settings_file;
    if (file.empty()) return make_settings(layout, call.environment, {});
    const std::string text = TRY(read_input_file(file, call.stop));
    return make_settings(layout, call.environment, TRY(parse_settings(file, text)));
}

std::vector<std::string> entry_names(const Layout& layout, const PlanOptions& options)
{
    std::vector<std::string> names;
    for (const Entry& entry : layout.entries)
        if (options.only.empty() || std::ranges::find(options.only, entry.name) != options.only.end())
            names.push_back(entry.name);
    return names;
}

// On a network filesystem a thread waits for answers most of the time: more of them than cores keep it busy.
int jobs_for_volume(const Session& session)
{
    constexpr int network_jobs = 16;
    const std::optional<FilesystemFacts> facts = volume_facts(session);
    const bool is_network = facts && facts->kind == FilesystemClass::network;
    return is_network ? std::max(default_jobs(), network_jobs) : default_jobs();
}

// The root that origins are read below, where it is another one; empty: it is not. A variable of the environment is
// there for each command, also for those that it does not belong to.
std::string other_root(std::string_view command, const Options& options)
{
    const CommandDesc* const row = find_command(command.substr(0, command.find(' ')));
    const bool belongs = row != nullptr && belongs_to(*find_option("from-root"), row->id);
    return belongs ? options.plan.from_root : std::string();
}

// "mailstate 0.1.0: apply, layout docker-mailserver, volume /var/mail-state (ext4, /dev/sdb1)". Asks the mount table
// alone, which answers where the volume itself does not.
std::string beginning_of(std::string_view command, const Call& call, const Reader& reader, const Layout& layout)
{
    const CommandSet working = only_for(Command::apply) | only_for(Command::rollback) | only_for(Command::rehearse) |
                               only_for(Command::displaced);
    const CommandDesc* const row = find_command(command.substr(0, command.find(' ')));
    if (row == nullptr || (only_for(row->id) & working) == 0 || call.options.dry_run) return {};
    const Result<MountTable> table = reader.mounts();
    const Mount* const mount = table ? table->at(layout.state_dir) : nullptr;
    const std::string from = other_root(command, call.options);
    const std::string volume = mount == nullptr ? std::string("not a mount point")
                                                : printable(mount->fs_type) + ", " + printable(mount->source);
    return "version " + std::string(version()) + ": " + std::string(command) + ", layout " + printable(layout.name) +
           ", volume " + printable(layout.state_dir) + " (" + volume + ")" +
           (from.empty() ? "" : ", from the files below " + printable(from));
}

// --from-root: what the layout's origins are is read below that root, and owners are known by the users' names.
Result<std::unique_ptr<Reader>> joined(const Options& options, const Reader& here, const Reader& there,
                                       const std::string& volume)
{
    const std::string& from = options.plan.from_root;
    std::vector<Finding> unread;
    const Identities theirs = TRY(read_identities(there, unread));
    if (!unread.empty())
        return fail({0, "", from, "is not the root of a container: " + unread.front().subject + " does not exist",
                     "Name the directory that holds all files of the container, as 'docker export' writes them."});
    const Identities ours = TRY(read_identities(here, unread));
    return make_joined_reader(Path(options.root), Path(from), volume, renumbered(theirs, ours));
}

Answer run_with(std::string_view command, const Call& call, std::unique_ptr<Reader> here, const Reader* there,
                Layout layout, Answer (*run)(const Session& session))
{
    const Result<> only = check_only(call.options, layout);
    if (!only) return refused(command, call.options, ExitCode::usage, "run.usage", only.error());
    Result<Settings> settings = load_settings(call, layout);
    if (!settings) return bad_file(command, call, "settings.bad", settings.error());
    Result<std::unique_ptr<Reader>> both = std::unique_ptr<Reader>();
    if (there != nullptr) both = joined(call.options, *here, *there, layout.state_dir);
    if (!both) return refused(command, call.options, ExitCode::blocked, "root.unusable", both.error());
    std::unique_ptr<Reader> reader = std::move(there != nullptr ? *both : here);

    Progress progress;
    ProgressLine line(call.options, call.terminal, progress, entry_names(layout, call.options.plan),
                      beginning_of(command, call, *reader, layout));
    return run(
        {command, call, std::move(reader), here.get(), std::move(layout), std::move(settings).value(), progress, line});
}

}  // namespace

World Session::world() const
{
    const int jobs = options().jobs > 0 ? options().jobs : jobs_for_volume(*this);
    return {*reader, layout, settings, progress, call.stop, jobs, here};
}

void Session::change(const std::string& sentence) const
{
    line.begin();
    if (options().output == Output::text) log_info(sentence);  // else the answer has it
}

Answer with_session(std::string_view command, const Call& call, Answer (*run)(const Session& session))
{
    set_command_of_holder(std::string(command));
    Result<std::unique_ptr<Reader>> reader = make_posix_reader(Path(call.options.root));
    if (!reader) return refused(command, call.options, ExitCode::blocked, "root.unusable", reader.error());
    const std::string from = other_root(command, call.options);
    Result<std::unique_ptr<Reader>> there = std::unique_ptr<Reader>();
    if (!from.empty()) there = make_posix_reader(Path(from));
    if (!there) return refused(command, call.options, ExitCode::blocked, "root.unusable", there.error());
    const Reader& image = *there ? **there : **reader;
    Result<Layout> layout = choose_layout(call.options, image, call.environment, call.stop);
    if (!layout) return bad_file(command, call, "layout.bad", layout.error());
    const ChosenLayout chosen{layout->name, layout->state_dir};
    Answer answer = run_with(command, call, std::move(reader).value(), there->get(), std::move(layout).value(), run);
    answer.layout = chosen;
    return answer;
}

std::optional<FilesystemFacts> volume_facts(const Session& session)
{
    const Result<DirectoryRef> directory = session.reader->open(Path(session.layout.state_dir));
    if (!directory) return std::nullopt;
    const Result<FilesystemFacts> facts = session.reader->filesystem(*directory);
    return facts ? std::optional(*facts) : std::nullopt;
}

}  // namespace mailstate
