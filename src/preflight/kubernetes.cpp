// SPDX-License-Identifier: MIT
#include "preflight/kubernetes.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "preflight/compose_read.hpp"
#include "preflight/kubernetes_volumes.hpp"
#include "preflight/lines.hpp"
#include "preflight/recognise.hpp"

namespace mailstate {

namespace {

using NodeKind = YamlNode::Kind;

constexpr std::array<std::string_view, 6> workloads{"Deployment", "StatefulSet",           "DaemonSet",
                                                    "ReplicaSet", "ReplicationController", "Job"};

bool is_object(const YamlNode& document)
{
    return !text_at(document, "apiVersion").empty() && !text_at(document, "kind").empty();
}

// values.yaml of docker-mailserver-helm, or a part of it: image.name, or deployment.env with what that image reads, or
// beside another part.
bool is_chart_values(const YamlNode& document)
{
    if (is_object(document) || find_member(document, "services") != nullptr) return false;
    const bool has_env = node_at(node_at(document, "deployment"), "env").kind == NodeKind::map;
    const bool has_image = text_at(node_at(document, "image"), "name").find("docker-mailserver") != std::string::npos;
    SettingMap settings;
    for (const YamlMember& member : node_at(node_at(document, "deployment"), "env").members)
        settings[member.key].value = member.value.text;
    return has_image || recognise(settings) == System::docker_mailserver ||
           (has_env && (find_member(document, "persistence") != nullptr ||
                        find_member(document, "persistent_volume_claims") != nullptr ||
                        find_member(document, "configMaps") != nullptr));
}

// Null: of its kind it is not known where one is, or whether.
const YamlNode* pod_of(const YamlNode& object)
{
    const std::string kind = text_at(object, "kind");
    const YamlNode& spec = node_at(object, "spec");
    if (kind == "Pod") return &spec;
    if (kind == "CronJob") return &node_at(node_at(node_at(node_at(spec, "jobTemplate"), "spec"), "template"), "spec");
    if (std::ranges::find(workloads, kind) == workloads.end()) return nullptr;
    return &node_at(node_at(spec, "template"), "spec");
}

bool is_mail_image(const std::string& image)
{
    return is_image_of(System::docker_mailserver, image) || is_image_of(System::mailu, image) ||
           is_image_of(System::mailcow, image);
}

bool has_mail_container(const YamlNode& node, int depth)
{
    constexpr int deepest = 12;  // a CronJob's container is at 7
    const auto is_one = [](const YamlNode& container) { return is_mail_image(text_at(container, "image")); };
    if (depth > deepest) return false;
    return std::ranges::any_of(node.members, [&](const YamlMember& member) {
        return member.key == "containers" ? std::ranges::any_of(member.value.items, is_one)
                                          : has_mail_container(member.value, depth + 1);
    });
}

// Services are told apart by their names: a namespace, a kind or a place is added where a workload's is there twice.
void tell_apart(Compose& compose, const std::vector<const YamlNode*>& workload_of)
{
    using Addition = std::string (*)(const ComposeService& service, const YamlNode& workload);
    const std::array<Addition, 3> additions{
        [](const ComposeService& service, const YamlNode& workload) {
            const std::string name_space = namespace_of(workload);
            return service.name + (name_space.empty() ? "" : " in the namespace " + name_space);
        },
        [](const ComposeService& service, const YamlNode& workload) {
            return text_at(workload, "kind") + " " + service.name;
        },
        [](const ComposeService& service, const YamlNode&) { return service.name + " at " + service.where; }};
    for (const Addition& addition : additions) {
        std::map<std::string, int> uses;
        for (const ComposeService& service : compose.services) ++uses[service.name];
        for (std::size_t i = 0; i < compose.services.size(); ++i)
            if (ComposeService& service = compose.services[i]; uses[service.name] > 1)
                service.name = addition(service, *workload_of[i]);
    }
}

class Reading {
public:
    Reading(const std::vector<YamlNode>& objects, Compose& compose) : all_(sorted_objects(objects)), compose_(compose)
    {
        for (const YamlNode& each : objects) object(each);
        tell_apart(compose, workload_of_);
    }

private:
    void object(const YamlNode& object)
    {
        const YamlNode* const pod = pod_of(object);
        if (pod == nullptr) return name_unknown_kind(object);
        for (const char* list : {"initContainers", "containers"})
            for (const YamlNode& each : node_at(*pod, list).items)
                if (list[0] == 'c' || !text_at(each, "restartPolicy").empty()) container(each, *pod, object);
    }

    void name_unknown_kind(const YamlNode& object)
    {
        if (has_mail_container(object, 0))
            miss(object, "the " + printable(text_at(object, "kind")) + " " +
                             printable(text_at(node_at(object, "metadata"), "name")) +
                             " is of an unknown kind, and was not judged");
    }

    void container(const YamlNode& node, const YamlNode& pod, const YamlNode& object)
    {
        const KnownObjects known(all_, namespace_of(object));
        ComposeService service;
        const std::string workload = text_at(node_at(object, "metadata"), "name");
        service.name = workload == text_at(node, "name") ? workload : workload + "/" + text_at(node, "name");
        service.where = where_of(node);
        service.image = service.written_image = text_at(node, "image");
        service.image_where = where_of(node_at(node, "image").origin ? node_at(node, "image") : node);
        for (const YamlNode& from : node_at(node, "envFrom").items) take_all(from, known, service);
        for (const YamlNode& variable : node_at(node, "env").items) take(variable, known, service);
        read_pod_mounts(node, pod, object, known, service);
        rights(node, pod, service);
        const std::string replicas = text_at(node_at(object, "spec"), "replicas");
        service.replicas = {replicas, where_of(node_at(node_at(object, "spec"), "replicas"))};
        compose_.services.push_back(std::move(service));
        workload_of_.push_back(&object);
    }

    static void set(ComposeService& service, const std::string& name, const std::string& value, const YamlNode& at)
    {
        Setting setting;
        setting.value = value;
        setting.where = where_of(at);
        setting.from_file = false;
        service.environment[name] = std::move(setting);
    }

    void miss(const YamlNode& at, const std::string& what)
    {
        compose_.not_followed.push_back(where_of(at) + ": " + what);
    }

    static void lack(ComposeService& service, const std::string& why)
    {
        if (service.environment_missing.find(why) != std::string::npos) return;
        service.environment_missing += (service.environment_missing.empty() ? "" : "; ") + why;
    }

    void take_all(const YamlNode& from, const KnownObjects& known, ComposeService& service)
    {
        const std::string prefix = text_at(from, "prefix"), secret = text_at(node_at(from, "secretRef"), "name");
        const std::string map = text_at(node_at(from, "configMapRef"), "name");
        if (!secret.empty()) {
            miss(from, "the variables of the Secret " + printable(secret) + " are not read");
            lack(service, "the variables of the Secret " + printable(secret) + " were not seen");
        }
        if (map.empty()) return;
        const YamlNode* const found = known.config_map(map);
        if (found == nullptr) {
            miss(from, "the ConfigMap " + printable(map) + " was not given");
            lack(service, "the ConfigMap " + printable(map) + " was not given (--manifest)");
            return;
        }
        for (const YamlMember& member : node_at(*found, "data").members)
            set(service, prefix + member.key, member.value.text, member.value);
    }

    void take(const YamlNode& variable, const KnownObjects& known, ComposeService& service)
    {
        const std::string name = text_at(variable, "name");
        const YamlNode& from = node_at(variable, "valueFrom");
        if (name.empty()) return;
        if (from.kind == NodeKind::null) return set(service, name, text_at(variable, "value"), variable);
        const YamlNode &map = node_at(from, "configMapKeyRef"), &secret = node_at(from, "secretKeyRef");
        const YamlNode* const found = known.config_map(text_at(map, "name"));
        if (map.kind == NodeKind::map && found != nullptr)
            return set(service, name, text_at(node_at(*found, "data"), text_at(map, "key")), variable);
        set(service, name, "", variable);
        service.environment[name].unseen = true;
        if (secret.kind == NodeKind::map) return;
        miss(variable, printable(name) + " is set where it cannot be read");
        if (map.kind == NodeKind::map)
            lack(service, "the ConfigMap " + printable(text_at(map, "name")) + " was not given (--manifest)");
    }

    static void rights(const YamlNode& container, const YamlNode& pod, ComposeService& service)
    {
        const YamlNode &own = node_at(container, "securityContext"), &of_pod = node_at(pod, "securityContext");
        const YamlNode& escalation = node_at(own, "allowPrivilegeEscalation");
        if (text_of(&escalation) == "false")
            service.security_opt.push_back({"allowPrivilegeEscalation: false", where_of(escalation)});
        service.cap_add = items_of(node_at(node_at(own, "capabilities"), "add"));
        service.cap_drop = items_of(node_at(node_at(own, "capabilities"), "drop"));
        service.privileged = text_at(own, "privileged") == "true";
        const YamlNode& group = node_at(of_pod, "fsGroup");
        if (group.kind == NodeKind::scalar)
            service.fs_group = {
                group.text + (text_at(of_pod, "fsGroupChangePolicy") == "OnRootMismatch" ? " once" : ""),
                where_of(group)};
    }

    const ManifestObjects all_;
    Compose& compose_;
    std::vector<const YamlNode*> workload_of_;  // of each service
};

void flatten(const YamlNode& document, std::vector<YamlNode>& objects)
{
    if (text_at(document, "kind") == "List" || !node_at(document, "items").items.empty())
        for (const YamlNode& item : node_at(document, "items").items) flatten(item, objects);
    else
        objects.push_back(document);
}

std::string render_hint(const std::string& file)
{
    return file +
           ": a values file of the docker-mailserver chart; render it: helm template mail "
           "docker-mailserver/docker-mailserver -f " +
           file + " | mailstate check --manifest -";
}

void read_documents(const ManifestText& text, Compose& compose, std::vector<YamlNode>& objects)
{
    const auto origin = std::make_shared<YamlOrigin>(YamlOrigin{text.shown, ""});
    for (const YamlFile& yaml : parse_yaml_documents(text.text, origin)) {
        if (!yaml.problem.empty())
            compose.problems.push_back(
                problem_of(make_finding("compose.unreadable", place_of(text.shown, yaml.problem_line), "", ""),
                           {"this is not a manifest: ", datum("problem", yaml.problem)}));
        for (const YamlNode& document : yaml.documents) {
            if (is_chart_values(document)) {
                compose.not_followed.push_back(render_hint(printable(text.shown)));
                compose.file = text.shown;  // of a chart's folder it is the one to render
            }
            flatten(document, objects);
        }
    }
}

}  // namespace

bool is_manifest(std::string_view text)
{
    const YamlFile file = parse_yaml(text, nullptr);
    return std::ranges::any_of(file.documents,
                               [](const YamlNode& each) { return is_object(each) || is_chart_values(each); });
}

Compose parse_manifests(const std::vector<ManifestText>& texts)
{
    Compose compose;
    compose.is_manifest = true;
    std::vector<YamlNode> objects;
    for (const ManifestText& text : texts) {
        if (compose.file.empty()) compose.file = text.shown;
        compose.files.push_back(text.shown);
        read_documents(text, compose, objects);
    }
    const Reading reading(objects, compose);
    return compose;
}

}  // namespace mailstate
