// SPDX-License-Identifier: MIT
// Which layout a run is about.
#pragma once

#include <string>
#include <string_view>

#include "app/cli/options.hpp"
#include "mailstate/fs/reader.hpp"
#include "mailstate/model/layout.hpp"
#include "mailstate/model/settings.hpp"

namespace mailstate {

struct Stop;

// Where no mail system is recognised.
inline constexpr std::string_view default_layout = "docker-mailserver";

// Built in by name, or from a file: with a slash in it or ".json" at its end.
Result<Layout> load_layout(const std::string& name_or_file, const Stop& stop);
bool is_layout_file(std::string_view name_or_file);

struct Recognised {
    std::string layout;
    std::string because;  // "/etc/dms-settings is there"; empty where nothing was recognised
};

// By what a mail system leaves in its image, below the reader's root, and in the environment.
Recognised recognise_layout(const Reader& reader, const Variables& environment);

// The layout of the options, with --state-dir put in its place. Error: of load_layout, or an unknown name in --only.
Result<Layout> choose_layout(const Options& options, const Reader& reader, const Variables& environment,
                             const Stop& stop);

// Error: names in --only that the layout does not have.
Result<> check_only(const Options& options, const Layout& layout);

}  // namespace mailstate
