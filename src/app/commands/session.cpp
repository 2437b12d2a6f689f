// SPDX-License-Identifier: MIT
#include "app/commands/session.hpp"

#include <algorithm>

#include "app/answers/refusal.hpp"
#include "app/cli/command_table.hpp"
#include "app/cli/program_version.hpp"
#include "app/commands/choose_layout.hpp"
#include "app/files/files.hpp"
#include "app/process_setup.hpp"
#include "engine/logger.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/base/text.hpp"
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
    const std::string volume = mount == nullptr ? std::string("no mount of its own")
                                                : printable(mount->fs_type) + ", " + printable(mount->source);
    return "version " + std::string(version()) + ": " + std::string(command) + ", layout " + printable(layout.name) +
           ", volume " + printable(layout.state_dir) + " (" + volume + ")";
}

Answer run_with(std::string_view command, const Call& call, std::unique_ptr<Reader> reader, Layout layout,
                Answer (*run)(const Session& session))
{
    const Result<> only = check_only(call.options, layout);
    if (!only) return refused(command, call.options, ExitCode::usage, "run.usage", only.error());
    Result<Settings> settings = load_settings(call, layout);
    if (!settings) return bad_file(command, call, "settings.bad", settings.error());

    Progress progress;
    ProgressLine line(call.options, call.terminal, progress, entry_names(layout, call.options.plan),
                      beginning_of(command, call, *reader, layout));
    return run({command, call, std::move(reader), std::move(layout), std::move(settings).value(), progress, line});
}

}  // namespace

World Session::world() const
{
    const int jobs = options().jobs > 0 ? options().jobs : jobs_for_volume(*this);
    return {*reader, layout, settings, progress, call.stop, jobs};
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
    Result<Layout> layout = choose_layout(call.options, **reader, call.environment, call.stop);
    if (!layout) return bad_file(command, call, "layout.bad", layout.error());
    const ChosenLayout chosen{layout->name, layout->state_dir};
    Answer answer = run_with(command, call, std::move(reader).value(), std::move(layout).value(), run);
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
