// SPDX-License-Identifier: MIT
// After compose-go: loader/loader.go (loadYamlFile), include.go and extends.go.
#include "preflight/compose_model.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "preflight/compose_merge.hpp"
#include "preflight/file_paths.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

using NodeKind = YamlNode::Kind;

constexpr int most_files = 100;
constexpr std::size_t most_extended = 50;                    // services, one by the other
constexpr std::size_t most_weight = std::size_t{64} << 20U;  // bytes, of all services that extend another
constexpr std::string_view or_ask_docker = "; docker compose config reports the same";

bool is_remote(const std::string& path)
{
    return path.find("://") != std::string::npos || path.starts_with("git@") || path.starts_with("oci:") ||
           path.starts_with("github.com/");
}

std::vector<std::string> texts_of(const YamlNode& node)
{
    std::vector<std::string> texts;
    if (node.kind == NodeKind::scalar) texts.push_back(node.text);
    for (const YamlNode& item : node.items)
        if (item.kind == NodeKind::scalar) texts.push_back(item.text);
    return texts;
}

void erase_member(YamlNode& node, std::string_view key)
{
    std::erase_if(node.members, [&](const YamlMember& member) { return member.key == key; });
}

}  // namespace

void ComposeModel::refuse(const std::string& subject, Worded why)
{
    compose_.problems.push_back(problem_of(
        make_finding("compose.unreadable", subject, "compose refuses this: ", or_ask_docker), std::move(why)));
}

// compose-go, dotenv/env.go: GetEnvFromFile.
Variables ComposeModel::with_dotenv(const Variables& variables, const std::vector<std::string>& paths, Absent absent)
{
    Variables of_files;
    const auto lookup = [&](std::string_view name) {
        const std::optional<std::string> own = lookup_in(variables)(name);
        return own ? own : lookup_in(of_files)(name);
    };
    for (const std::string& path : paths) {
        const auto text = request_.read ? request_.read(path) : Result<std::string>(fail(text_error(path, "")));
        if (!text && absent == Absent::is_refused)
            refuse(shown(path), worded({"this env file of the project cannot be read: ",
                                        datum("error", describe_outcome(text.error()))}));
        if (!text) continue;
        const EnvFile file = parse_dotenv(shown(path), *text, lookup);
        compose_.files.push_back(shown(path));
        compose_.problems.insert(compose_.problems.end(), file.problems.begin(), file.problems.end());
        for (const auto& [name, setting] : file.settings) of_files[name] = setting.value;
    }
    Variables all = variables;
    all.merge(of_files);
    return all;
}

Result<YamlNode> ComposeModel::load(const std::vector<ModelFile>& files, const std::string& directory,
                                    const Variables& variables)
{
    YamlNode model;
    for (const ModelFile& file : files) {
        const bool is_new = file.path.empty() || open_.insert(file.path).second;
        if (!is_new) {
            refuse(file.shown, {"it includes itself", {}});
            continue;
        }
        Result<std::vector<ModelDocument>> read = documents(file, directory, variables);
        if (!read && &file == &files.front()) return fail(read.error());
        if (!read)
            refuse(file.shown, worded({"this file of the project cannot be read: ",
                                       datum("error", describe_outcome(read.error()))}));
        for (ModelDocument& document : read ? *read : std::vector<ModelDocument>{}) {
            take_out_tagged(model, document.written);
            include_all(document, directory, variables);
            extend_all(document, file, variables);
            model = merged_project(std::move(model), document.tree);
        }
        open_.erase(file.path);
    }
    return model;
}

Result<std::vector<ModelDocument>> ComposeModel::documents(const ModelFile& file, const std::string& directory,
                                                           const Variables& variables)
{
    if (++files_ > most_files) return fail(text_error(file.shown, "too many files"));
    const std::string text = file.text ? *file.text : TRY(request_.read(file.path));
    compose_.files.push_back(file.shown);
    YamlFile yaml = parse_yaml(text, std::make_shared<YamlOrigin>(YamlOrigin{file.shown, directory}));
    if (!yaml.problem.empty())
        compose_.problems.push_back(
            problem_of(make_finding("compose.unreadable", place_of(file.shown, yaml.problem_line), "", or_ask_docker),
                       {"this is not a compose file: ", datum("problem", yaml.problem)}));
    std::erase_if(yaml.documents, [](const YamlNode& node) { return node.kind == NodeKind::null; });
    for (YamlNode& document : yaml.documents) {
        if (document.kind != NodeKind::map) refuse(document, {"its top level is not a map with services"});
        interpolate_all(document, variables);
    }
    std::erase_if(yaml.documents, [](const YamlNode& node) { return node.kind != NodeKind::map; });
    std::vector<ModelDocument> documents;
    for (YamlNode& document : yaml.documents) {
        YamlNode tree = without_tags(document);
        documents.push_back({std::move(document), std::move(tree)});
    }
    return documents;
}

// Values, not keys; the image is kept as it was written, too.
void ComposeModel::interpolate_all(YamlNode& node, const Variables& variables, int depth)
{
    std::vector<Worded> problems;
    std::vector<std::string> unset;
    if (node.kind == NodeKind::scalar && node.text.find('$') != std::string::npos)
        node.text = interpolate(node.text, lookup_in(variables), &problems, &unset);
    for (std::string& name : unset) compose_.without_value.push_back({std::move(name), where_of(node)});
    for (Worded& problem : problems) refuse(where_of(node), std::move(problem));
    for (YamlNode& item : node.items) interpolate_all(item, variables, depth + 1);
    constexpr int of_a_service = 2;
    const std::string written = depth == of_a_service ? text_at(node, "image") : "";
    for (YamlMember& member : node.members) interpolate_all(member.value, variables, depth + 1);
    if (written.empty() || written.find('$') == std::string::npos) return;
    YamlNode kept = node_at(node, "image");
    kept.text = written;
    node.members.push_back({"x-image-as-written", kept.line, std::move(kept)});
}

void ComposeModel::include_all(ModelDocument& document, const std::string& directory, const Variables& variables)
{
    const YamlNode entries = node_at(document.tree, "include");
    erase_member(document.tree, "include");
    for (const YamlNode& entry : entries.items) include(entry, document, directory, variables);
}

void ComposeModel::include(const YamlNode& entry, ModelDocument& document, const std::string& directory,
                           const Variables& variables)
{
    std::vector<ModelFile> files;
    for (const std::string& path : texts_of(entry.kind == NodeKind::map ? node_at(entry, "path") : entry)) {
        if (is_remote(path)) {
            compose_.not_followed.push_back(where_of(entry) + ": include of " + printable(path) + " is elsewhere");
            return;
        }
        files.push_back({joined(directory, path), "", {}});
        files.back().shown = shown(files.back().path);
    }
    if (files.empty()) return;
    const std::string named = text_at(entry, "project_directory");
    const std::string project = named.empty() ? parent_of(files.front().path) : joined(directory, named);
    Variables known = variables;
    std::vector<std::string> env_files = texts_of(node_at(entry, "env_file"));
    const bool are_named = !env_files.empty();
    std::erase(env_files, "/dev/null");  // none, and not the .env either
    for (std::string& file : env_files) file = joined(directory, file);
    if (are_named)
        known = with_dotenv(known, env_files, Absent::is_refused);
    else if (project != directory)
        known = with_dotenv(known, {joined(project, ".env")}, Absent::is_fine);
    Result<YamlNode> model = load(files, project, known);
    if (!model)
        return refuse(
            entry, {"include of ", datum("file", files.front().shown), ": ", datum("error", describe(model.error()))});
    for (const char* section : {"services", "volumes", "secrets", "configs"}) {  // what the file itself has wins
        YamlNode below, over;
        below.kind = over.kind = NodeKind::map;
        if (const YamlNode* const theirs = find_member(*model, section))
            below.members.push_back({section, theirs->line, *theirs});
        if (below.members.empty()) continue;
        if (const YamlNode* const own = find_member(document.tree, section))
            over.members.push_back({section, own->line, *own});
        take_out_tagged(below, document.written);
        erase_member(document.tree, section);
        for (YamlMember& member : merged_project(std::move(below), over).members)
            document.tree.members.push_back(std::move(member));
    }
}

void ComposeModel::extend_all(ModelDocument& document, const ModelFile& file, const Variables& variables)
{
    YamlMember* const services = find_entry(document.tree, "services");
    if (services == nullptr) return;
    for (YamlMember& service : services->value.members) service.value = extended(service, document, file, variables);
}

// Once refused, nothing more is extended: a file can ask for it a million times.
bool ComposeModel::may_extend(const YamlNode& extends)
{
    if (gave_up_extending_) return false;
    if (extending_.size() >= most_extended)
        refuse(extends, {"more than ", counted("most", most_extended, "service", "services"), " extend one another"});
    else if (extended_weight_ > most_weight)
        refuse(extends, {"its services extend to more than ", amount("most", most_weight)});
    else
        return true;
    gave_up_extending_ = true;
    return false;
}

YamlNode ComposeModel::extended(const YamlMember& member, const ModelDocument& document, const ModelFile& file,
                                const Variables& variables)
{
    const std::string& name = member.key;
    YamlNode service = member.value;
    const YamlNode extends = node_at(service, "extends");
    if (extends.kind == NodeKind::null) return service;
    erase_member(service, "extends");
    if (!may_extend(extends)) return service;
    const std::string key = file.path + "\n" + name;
    if (!extending_.insert(key).second) {
        refuse(extends, {"the service ", datum("service", name), " extends itself"});
        return service;
    }
    std::optional<YamlNode> base = base_of(name, extends, document, file, variables);
    extending_.erase(key);
    if (!base) return service;
    take_out_tagged(*base, node_at(node_at(document.written, "services"), name));
    YamlNode whole = merged_service(*std::move(base), service);
    extended_weight_ += weight_of(whole);
    return whole;
}

std::optional<YamlNode> ComposeModel::base_of(const std::string& name, const YamlNode& extends,
                                              const ModelDocument& document, const ModelFile& file,
                                              const Variables& variables)
{
    const std::string ref = extends.kind == NodeKind::scalar ? extends.text : text_at(extends, "service");
    const std::string named = text_at(extends, "file");
    const auto missing = [&](const std::string& where) {
        refuse(extends, {"the service ", datum("service", name), " extends ", datum("base", ref), ", which is not in ",
                         datum("file", where)});
        return std::nullopt;
    };
    if (named.empty()) {
        const YamlMember* const base = find_entry(node_at(document.tree, "services"), ref);
        if (base == nullptr) return missing(file.shown);
        return extended(*base, document, file, variables);
    }
    if (is_remote(named)) {
        compose_.not_followed.push_back(where_of(extends) + ": extends of " + printable(named) + " is elsewhere");
        return std::nullopt;
    }
    const std::string& folder = extends.origin ? extends.origin->directory : compose_.directory;
    ModelFile other{joined(folder, named), "", {}};
    other.shown = shown(other.path);
    auto read = documents(other, parent_of(other.path), variables);
    if (!read) {
        refuse(extends, {"the file that ", datum("service", name),
                         " extends cannot be read: ", datum("error", describe(read.error()))});
        return std::nullopt;
    }
    for (const ModelDocument& each : *read)
        if (const YamlMember* const base = find_entry(node_at(each.tree, "services"), ref))
            return extended(*base, each, other, variables);
    return missing(other.shown);
}

}  // namespace mailstate
