// SPDX-License-Identifier: MIT
// The project that was named: manifests, or compose files.
#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/compose_project.hpp"
#include "preflight/gather.hpp"
#include "preflight/gathering.hpp"
#include "preflight/kubernetes.hpp"

namespace mailstate {

namespace {

struct Manifests {
    std::vector<ManifestText> texts;
    std::vector<std::string> left_out;  // each with the reason
};

bool has_manifest_name(const std::string& name)
{
    return name.ends_with(".yaml") || name.ends_with(".yml") || name.ends_with(".json");
}

// As kubectl apply -f takes a folder, which does not go into folders below.
Manifests manifests_in(const Sources& sources, const std::string& shown)
{
    Manifests found;
    const PlacedFiles files({{"/", sources.host, "/"}});
    for (const std::string& name : files.names(sources.compose_file)) {
        const std::string path = joined(sources.compose_file, name), named = shown + "/" + name;
        if (sources.host->open(Path(path))) {
            if (!name.starts_with('.')) found.left_out.push_back(printable(named) + ": the folder was not read");
        } else if (has_manifest_name(name)) {
            Result<std::string> text = read_named(*sources.host, path);
            if (text)
                found.texts.push_back({named, *std::move(text)});
            else
                found.left_out.push_back(printable(named) + " cannot be read: " + describe_outcome(text.error()));
        }
    }
    return found;
}

// The manifests of a folder, or one file; nothing where they are none and none were asked for.
Result<std::optional<Compose>> read_manifests(const Sources& sources, const std::string& shown)
{
    Manifests found;
    if (sources.input) {
        found.texts.push_back({"-", *sources.input});
    } else if (auto text = read_named(*sources.host, sources.compose_file)) {
        found.texts.push_back({shown, *std::move(text)});
    } else if (sources.is_manifest && sources.host->open(Path(sources.compose_file))) {
        found = manifests_in(sources, without_end_slashes(shown));
        if (found.texts.empty())
            return fail(text_error(
                shown, "the folder has no manifest (*.yaml, *.yml, *.json)",
                "Name the file or the folder that has the manifests; check does not read the folders inside it."));
    } else if (sources.is_manifest) {
        return fail(text.error());
    }
    const auto is_one = [](const ManifestText& each) { return is_manifest(each.text); };
    if (!sources.is_manifest && std::ranges::none_of(found.texts, is_one)) return std::optional<Compose>();
    Compose compose = parse_manifests(found.texts);
    compose.not_followed.insert(compose.not_followed.end(), found.left_out.begin(), found.left_out.end());
    return std::optional(std::move(compose));
}

}  // namespace

Result<std::optional<Compose>> read_project_of(const Sources& sources)
{
    if (sources.compose_file.empty()) return std::optional<Compose>();
    const std::string& named = sources.shown_compose_file;
    const std::string& shown = named.empty() ? sources.compose_file : named;
    if (auto manifests = TRY(read_manifests(sources, shown))) return manifests;
    ComposeRequest request;
    request.file = sources.input ? "" : sources.compose_file;
    request.is_directory = !sources.input && sources.host->open(Path(sources.compose_file)).has_value();
    request.shown = shown;
    request.text = sources.input;
    request.directory = sources.directory;
    request.environment = sources.environment;
    request.read = [&](const std::string& path) { return read_named(*sources.host, path); };
    Compose compose = TRY(load_compose(request));
    return std::optional(std::move(compose));
}

}  // namespace mailstate
