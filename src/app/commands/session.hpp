// SPDX-License-Identifier: MIT
// Session: what the verbs need, made from the options. From here on the system is touched.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "app/commands/commands.hpp"
#include "app/log/progress_line.hpp"
#include "mailstate/engine/engine.hpp"

namespace mailstate {

struct Session {
    std::string_view command;
    const Call& call;
    std::unique_ptr<Reader> reader;
    const Reader* here;  // see World
    Layout layout;
    Settings settings;
    Progress& progress;
    ProgressLine& line;

    [[nodiscard]] const Options& options() const { return call.options; }
    [[nodiscard]] World world() const;
    void change(const std::string& sentence) const;  // what was done, into the log as it is done: it is told once
};

// Opens the root, the layout and the settings, runs, and shows the progress meanwhile. A failure
// before `run` is answered with the exit code that the table has for it.
Answer with_session(std::string_view command, const Call& call, Answer (*run)(const Session& session));

// Facts of the filesystem at the state directory; nothing where it is not there.
std::optional<FilesystemFacts> volume_facts(const Session& session);

}  // namespace mailstate
