// SPDX-License-Identifier: MIT
#include "app/session.hpp"

#include <algorithm>

#include "app/choose_layout.hpp"
#include "app/files.hpp"
#include "app/process_setup.hpp"
#include "app/progress_line.hpp"
#include "app/refusal.hpp"
#include "fs/posix_filesystem.hpp"

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

Answer run_with(std::string_view command, const Call& call, std::unique_ptr<Reader> reader, Layout layout,
                Answer (*run)(const Session& session))
{
    const Result<> only = check_only(call.options, layout);
    if (!only) return refused(command, call.options, ExitCode::usage, "run.usage", only.error());
    Result<Settings> settings = load_settings(call, layout);
    if (!settings) return bad_file(command, call, "settings.bad", settings.error());

    Progress progress;
    const ProgressLine line(call.options, call.terminal, progress, entry_names(layout, call.options.plan));
    return run({command, call, std::move(reader), std::move(layout), std::move(settings).value(), progress});
}

}  // namespace

World Session::world() const
{
    const int jobs = options().jobs > 0 ? options().jobs : jobs_for_volume(*this);
    return {*reader, layout, settings, progress, call.stop, jobs};
}

Answer with_session(std::string_view command, const Call& call, Answer (*run)(const Session& session))
{
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
