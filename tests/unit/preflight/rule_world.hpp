// SPDX-License-Identifier: MIT
// A world of a few lines for a rule to be judged in: variables, files, a compose file, mounts.
#pragma once

#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "mailstate/model/layout_json.hpp"
#include "preflight/compose_project.hpp"
#include "preflight/gathering.hpp"
#include "preflight/kubernetes.hpp"
#include "preflight/lines.hpp"
#include "preflight/rule.hpp"

namespace mailstate {

// What is expected of findings is written with these.
using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class MemoryFiles : public Files {
public:
    struct Node {
        FileFacts facts;
        std::string text;
    };
    std::map<std::string, Node> nodes;
    std::vector<std::string> hidden;

    [[nodiscard]] std::optional<std::string> text(const std::string& path) const override
    {
        const auto found = nodes.find(path);
        if (found == nodes.end() || found->second.facts.kind != Kind::regular) return std::nullopt;
        return found->second.text;
    }
    [[nodiscard]] std::vector<std::string> names(const std::string& directory) const override
    {
        std::vector<std::string> found;
        for (const auto& [path, node] : nodes)
            if (parent_of(path) == directory && path != directory) found.push_back(base_name(path));
        return found;
    }
    [[nodiscard]] bool is_visible(const std::string& path) const override
    {
        return std::ranges::none_of(hidden, [&](const std::string& top) { return is_at_or_below(top, path); });
    }
    [[nodiscard]] bool is_readable(const std::string& path) const override { return facts(path).has_value(); }
    [[nodiscard]] std::optional<FileFacts> facts(const std::string& path) const override
    {
        const auto found = nodes.find(path);
        return found == nodes.end() ? std::nullopt : std::optional(found->second.facts);
    }
};

class RuleWorld {
public:
    explicit RuleWorld(System system)
    {
        evidence.system = system;
        evidence.config_known = evidence.settings_known = evidence.mounts_known = true;
        evidence.config_dir = system == System::docker_mailserver ? "/tmp/docker-mailserver"
                              : system == System::mailu           ? "/mailu"
                                                                  : "/mailcow/data/conf";
        if (system == System::mailcow) evidence.home_dir = "/mailcow";
        layout_ = parse_layout("docker-mailserver.json", built_in_layout_text("docker-mailserver")).value();
        if (system == System::docker_mailserver) evidence.layout = &layout_;
    }

    RuleWorld& env(std::string_view lines)
    {
        for (const auto& [name, setting] : parse_env_file("mailserver.env", lines).settings)
            evidence.settings[name] = setting;
        return *this;
    }
    RuleWorld& config(const std::string& name, std::string text)
    {
        return file(evidence.config_dir + "/" + name, std::move(text));
    }
    RuleWorld& file(const std::string& path, std::string text = {}, std::uint32_t mode = 0644, Owner owner = {})
    {
        return node(path, {Kind::regular, {mode}, owner, text.size(), ""}, std::move(text));
    }
    RuleWorld& modified(const std::string& path, std::int64_t seconds)
    {
        files_->nodes.at(path).facts.modified = seconds;
        return *this;
    }
    RuleWorld& directory(const std::string& path, std::uint32_t mode = 0755)
    {
        return node(path, {Kind::directory, {mode}, {}, 0, ""}, "");
    }
    RuleWorld& link(const std::string& path, const std::string& to)
    {
        return node(path, {Kind::symlink, {0777}, {}, 0, to}, "");
    }
    RuleWorld& socket(const std::string& path) { return node(path, {Kind::socket, {0666}, {}, 0, ""}, ""); }
    // Nothing below it is seen: a path of the container that no volume maps.
    RuleWorld& hide(const std::string& path)
    {
        files_->hidden.push_back(path);
        return *this;
    }
    RuleWorld& mount(const std::string& target, const std::string& source = "vol", const std::string& type = "ext4",
                     const std::string& service = "mailserver")
    {
        const bool bind = source.starts_with('/');
        evidence.mounts.push_back({target, source, type, "", service, "compose.yml:9", bind, bind ? source : ""});
        return *this;
    }
    RuleWorld& compose(std::string_view text)
    {
        evidence.compose = parse_compose("compose.yml", text, {});
        for (const ComposeService& service : evidence.compose->services) evidence.mail_services.insert(service.name);
        return *this;
    }
    RuleWorld& manifest(const std::string& text)
    {
        evidence.compose = parse_manifests({{"pod.yaml", text}});
        for (const ComposeService& service : evidence.compose->services) evidence.mail_services.insert(service.name);
        return *this;
    }
    RuleWorld& override_file(std::string_view text)
    {
        if (!evidence.compose) evidence.compose.emplace();
        const Compose over = parse_compose("docker-compose.override.yml", text, {});
        for (const ComposeService& service : over.services)
            evidence.compose->override_services.push_back({service.name, service.where, !service.image.empty()});
        return *this;
    }
    RuleWorld& live(Survey seen = {})
    {
        survey_ = std::move(seen);
        for (const Entry& entry : layout_.entries) survey_.gates.try_emplace(entry.name, GateResult{true, "", {}});
        evidence.live = true;
        evidence.survey = &survey_;
        return *this;
    }
    RuleWorld& versions(std::string_view from, std::string_view to)
    {
        const auto parse = evidence.system == System::mailcow ? parse_monthly_version : parse_dotted_version;
        evidence.from = parse(from);
        evidence.to = parse(to);
        return *this;
    }
    RuleWorld& certificate(const std::string& path, std::vector<std::string> domains, CertificateFacts facts)
    {
        evidence.certificates.push_back({path, domains.empty(), std::move(domains), std::move(facts)});
        return *this;
    }

    RuleVerdict verdict()
    {
        evidence.files = files_;
        if (evidence.system == System::docker_mailserver) read_mail_tables(evidence);
        return mailstate::judge(evidence);
    }
    std::vector<Finding> judge() { return verdict().findings; }

    // What machines get beside the first finding of a rule.
    std::map<std::string, std::string> data(std::string_view id)
    {
        const RuleVerdict all = verdict();
        const auto found = std::ranges::find(all.findings, id, &Finding::code);
        if (found == all.findings.end()) return {};
        return all.details.at(key_of(*found)).data;
    }

    // Findings of a rule that are no mere "unknown".
    std::vector<Finding> found(std::string_view id)
    {
        std::vector<Finding> findings = judge();
        std::erase_if(findings, [&](const Finding& finding) {
            return finding.code != id || finding.message.starts_with("unknown: ");
        });
        return findings;
    }

    // The first one that a rule cannot be sure of; an empty one where there is none.
    Finding unknown(std::string_view id)
    {
        for (Finding& finding : judge())
            if (finding.code == id && finding.message.starts_with("unknown: ") && finding.severity == Severity::note)
                return std::move(finding);
        return {};
    }

    Evidence evidence;

private:
    RuleWorld& node(const std::string& path, FileFacts facts, std::string text)
    {
        files_->nodes[path] = {std::move(facts), std::move(text)};
        return *this;
    }

    std::shared_ptr<MemoryFiles> files_ = std::make_shared<MemoryFiles>();
    Layout layout_;
    Survey survey_;
};

struct RuleCase {
    const char* id;
    void (*bad)(RuleWorld& world);
    void (*good)(RuleWorld& world);  // the twin: as like as can be, and nothing is wrong
};

}  // namespace mailstate
