// SPDX-License-Identifier: MIT
// Which files a project is made of: compose-go, cli/options.go.
#include "preflight/compose_project.hpp"

#include <algorithm>
#include <array>

#include "mailstate/base/text.hpp"
#include "preflight/compose_merge.hpp"
#include "preflight/compose_model.hpp"
#include "preflight/compose_read.hpp"
#include "preflight/file_paths.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

constexpr std::array<std::string_view, 4> default_names{"compose.yaml", "compose.yml", "docker-compose.yml",
                                                        "docker-compose.yaml"};
constexpr std::array<std::string_view, 4> override_names{"compose.override.yml", "compose.override.yaml",
                                                         "docker-compose.override.yml", "docker-compose.override.yaml"};

constexpr std::array<std::string_view, 6> go_truths{"1", "t", "T", "true", "TRUE", "True"};

std::string value_in(const Variables& variables, std::string_view name)
{
    const auto found = variables.find(name);
    return found == variables.end() ? "" : found->second;
}

bool is_true(std::string_view value)  // strconv.ParseBool
{
    return std::ranges::find(go_truths, value) != go_truths.end();
}

bool needs_no_other(const YamlNode& service)
{
    const auto has = [&](const char* key) { return find_member(service, key) != nullptr; };
    return has("image") || has("build") || has("extends");
}

class Project {
public:
    explicit Project(const ComposeRequest& request) : request_(request), model_(request_, compose_) {}

    Result<Compose> load()
    {
        const bool is_found = find_file();
        compose_.file = request_.shown;
        compose_.path = request_.file;
        compose_.directory = request_.file.empty() ? request_.directory : parent_of(request_.file);
        compose_.variables = *request_.environment;
        if (!request_.file.empty()) read_env_files();
        const std::vector<ModelFile> files = choose_files();
        if (!is_found && files.front().path == request_.file) return fail(nothing_there());
        note_override(files);
        const YamlNode model = TRY(model_.load(files, compose_.directory, compose_.variables));
        read_project(model, compose_);
        if (const std::string name = value_in(compose_.variables, "COMPOSE_PROJECT_NAME"); !name.empty())
            compose_.project = name;
        return std::move(compose_);
    }

private:
    // A directory stands for the first of compose's names that is in it, unless COMPOSE_FILE says more. False: none is.
    bool find_file()
    {
        if (!request_.is_directory) return true;
        const auto is_there = [&](std::string_view name) {
            return request_.read(joined(request_.file, std::string(name))).has_value();
        };
        const auto* const found = std::ranges::find_if(default_names, is_there);
        const std::string name(found == default_names.end() ? default_names.front() : *found);
        request_.shown = without_end_slashes(std::move(request_.shown));
        const bool is_here = request_.shown == ".";
        request_.shown = (is_here ? "" : request_.shown + (request_.shown == "/" ? "" : "/")) + name;
        request_.file = joined(request_.file, name);
        return found != default_names.end();
    }

    [[nodiscard]] Error nothing_there() const
    {
        const std::string folder = parent_of(request_.shown);
        return text_error(folder, "the folder has no compose file",
                          "Name the compose file itself, or a folder of Kubernetes manifests with --manifest.");
    }

    // docker/compose, cmd/compose/compose.go: COMPOSE_ENV_FILES stands for --env-file, relative to where compose runs.
    void read_env_files()
    {
        using Absent = ComposeModel::Absent;
        const Variables& environment = *request_.environment;
        std::vector<std::string> named = split_list(value_in(environment, "COMPOSE_ENV_FILES"), ',');
        for (std::string& file : named) file = joined(request_.directory, file);
        if (!named.empty())
            compose_.variables = model_.with_dotenv(environment, named, Absent::is_refused);
        else if (!is_true(value_in(environment, "COMPOSE_DISABLE_ENV_FILE")))
            compose_.variables = model_.with_dotenv(environment, {joined(compose_.directory, ".env")}, Absent::is_fine);
    }

    [[nodiscard]] ModelFile file_at(const std::string& path) const
    {
        return {path, shown_path(request_.shown, request_.file, path), {}};
    }

    std::vector<ModelFile> choose_files()
    {
        if (request_.text) return {{"", request_.shown, request_.text}};
        const std::string name = base_name(request_.file);
        std::vector<ModelFile> files{file_at(request_.file)};
        if (!is_found_by_itself(name)) return files;
        if (std::vector<ModelFile> listed = listed_files(); !listed.empty()) return listed;
        for (const std::string_view other : override_names) {
            const std::string path = joined(compose_.directory, std::string(other));
            if (!request_.read(path)) continue;
            files.push_back(file_at(path));
            break;
        }
        return files;
    }

    // COMPOSE_FILE, where the file that was named is one of it, or none was.
    std::vector<ModelFile> listed_files()
    {
        const std::string separator = value_in(compose_.variables, "COMPOSE_PATH_SEPARATOR");
        std::vector<ModelFile> files;
        bool has_named = false;
        for (const std::string& name :
             split_list(value_in(compose_.variables, "COMPOSE_FILE"), separator.empty() ? ':' : separator.front())) {
            files.push_back(file_at(joined(compose_.directory, name)));
            has_named = has_named || files.back().path == request_.file;
        }
        return has_named || request_.is_directory ? files : std::vector<ModelFile>{};
    }

    // The services that override files name, for what they change of a stock file. One is an override by its name,
    // too, where it is all that there is.
    void note_override(const std::vector<ModelFile>& files)
    {
        const auto is_override = [](const ModelFile& file) {
            return std::ranges::find(override_names, base_name(file.path)) != override_names.end();
        };
        for (std::size_t i = !files.empty() && is_override(files.front()) ? 0 : 1; i < files.size(); ++i) {
            const auto text = request_.read(files[i].path);
            if (!text) continue;
            const YamlFile yaml = parse_yaml(*text, std::make_shared<YamlOrigin>(YamlOrigin{files[i].shown, ""}));
            for (const YamlNode& document : yaml.documents) {
                for (const YamlMember& network : node_at(document, "networks").members)
                    if (text_at(network.value, "enable_ipv6") == "false") compose_.override_ends_ipv6 = true;
                const YamlNode* const services = find_member(document, "services");
                if (services == nullptr) continue;
                if (services->kind != YamlNode::Kind::map) compose_.override_empty = where_of(*services);
                for (const YamlMember& member : services->members)
                    compose_.override_services.push_back(
                        {member.key, place_of(files[i].shown, member.line), needs_no_other(member.value)});
            }
        }
    }

    ComposeRequest request_;
    Compose compose_;
    ComposeModel model_;
};

}  // namespace

Result<Compose> load_compose(const ComposeRequest& request)
{
    return Project(request).load();
}

bool is_found_by_itself(std::string_view name)
{
    return std::ranges::find(default_names, name) != default_names.end();
}

Compose parse_compose(std::string_view file_name, std::string_view text, const Variables& variables)
{
    ComposeRequest request;
    request.shown = file_name;
    request.text = text;
    request.environment = &variables;
    request.read = [](const std::string& path) { return Result<std::string>(fail(text_error(path, "is not read"))); };
    return load_compose(request).value();  // a text can be read
}

}  // namespace mailstate
