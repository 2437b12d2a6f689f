// SPDX-License-Identifier: MIT
#include "preflight/sightings.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

constexpr std::size_t most_said = 20;
constexpr std::size_t longest_hint = 1000;  // bytes

// A command that is cut would do something else: rather none.
std::string whole_or_none(std::string&& hint)
{
    if (hint.size() > longest_hint) return {};
    return std::move(hint);
}

}  // namespace

Seen see(std::string subject, Message message, const std::string& hint)
{
    Worded words = worded(message);
    Seen seen{std::move(subject), std::move(words.text), whole_or_none(without_login(hint)), std::nullopt, ""};
    seen.data = std::move(words.data);
    return seen;
}

Seen see(std::string subject, const char* message, const std::string& hint)
{
    return see(std::move(subject), {Part(message)}, hint);
}

Seen see(Severity severity, std::string subject, Message message, const std::string& hint)
{
    Seen seen = see(std::move(subject), message, hint);
    seen.severity = severity;
    return seen;
}

void Few::add(std::string subject, Message message, const std::string& hint)
{
    add(see(std::move(subject), message, hint));
}

void Few::add(Seen seen)
{
    if (seen_.size() < most_said)
        seen_.push_back(std::move(seen));
    else
        ++more_;
}

Sightings Few::take()
{
    if (more_ > 0) seen_.back().message += "; and " + human_count(more_, "more like this", "more like this");
    return std::move(seen_);
}

Seen unless_known(Seen seen, std::string why, std::string settle)
{
    seen.unknown = std::move(why);
    seen.settle = std::move(settle);
    return seen;
}

Seen if_from_were_known(Seen seen, std::string why)
{
    return unless_known(std::move(seen), std::move(why), "Name it with --from.");
}

Seen unless_from_is_known(const Evidence& evidence, Seen seen)
{
    return is_known(evidence.from) ? seen : if_from_were_known(std::move(seen));
}

Sightings unless_from_is_known(const Evidence& evidence, Sightings seen)
{
    for (Seen& each : seen) each = unless_from_is_known(evidence, std::move(each));
    return seen;
}

int line_with(std::string_view text, std::string_view word)
{
    const TextLines lines = split_lines(text);
    for (const TextLine& line : lines.lines)
        if (!is_comment(line.text) && line.text.find(word) != std::string_view::npos) return line.number;
    return 0;
}

std::string unseen_config(const Evidence& evidence)
{
    if (!evidence.config_missing.empty()) return evidence.config_missing;
    return evidence.config_known ? "" : "the configuration folder was not seen";
}

namespace {

// A manifest's variables are in an object of the cluster, which no env file can replace.
Seen if_settings_were_seen(const Evidence& evidence, Seen seen, std::string why)
{
    const bool is_manifest = evidence.compose && evidence.compose->is_manifest;
    return unless_known(std::move(seen), std::move(why),
                        is_manifest ? "Run check on a machine where they can be read."
                                    : "Put the file there, or name it with --env-file.");
}

}  // namespace

Seen unless_settings_are_seen(const Evidence& evidence, Seen seen)
{
    if (evidence.settings_missing.empty()) return seen;
    return if_settings_were_seen(evidence, std::move(seen), evidence.settings_missing);
}

Seen unless_variable_is_seen(const Evidence& evidence, std::string_view name, Seen seen)
{
    if (evidence.settings_missing.empty() || find_setting(evidence, name) != nullptr) return seen;
    return if_settings_were_seen(evidence, std::move(seen),
                                 evidence.settings_missing + ", and " + std::string(name) + " may be set there");
}

Seen unless_config_is_seen(const Evidence& evidence, Seen seen)
{
    const std::string unseen = unseen_config(evidence);
    return unseen.empty() ? seen : unless_known(std::move(seen), unseen, "Name the folder with --config-dir.");
}

std::optional<std::string> config_text(const Evidence& evidence, std::string_view name)
{
    if (!evidence.files || !evidence.config_known) return std::nullopt;
    return evidence.files->text(evidence.config_dir + "/" + std::string(name));
}

const ComposeService* judged_service(const Evidence& evidence)
{
    if (!evidence.compose || evidence.mail_services.empty()) return nullptr;
    return find_service(*evidence.compose,
                        evidence.service.empty() ? *evidence.mail_services.begin() : evidence.service);
}

const MountFact* mount_at(const Evidence& evidence, std::string_view target)
{
    const auto found = std::ranges::find(evidence.mounts, target, &MountFact::target);
    return found == evidence.mounts.end() ? nullptr : &*found;
}

const MountFact* mount_over(const Evidence& evidence, std::string_view path,
                            const std::function<bool(const MountFact& mount)>& counts)
{
    const MountFact* best = nullptr;
    for (const MountFact& mount : evidence.mounts)
        if (is_at_or_below(mount.target, path) && (best == nullptr || mount.target.size() > best->target.size()) &&
            counts(mount))
            best = &mount;
    return best;
}

std::string path_on_host(const MountFact& mount, std::string_view path)
{
    return mount.host_path + std::string(path.substr(mount.target == "/" ? 0 : mount.target.size()));
}

bool ends_with_container(const MountFact& mount)
{
    const bool in_memory = mount.fs_type == "tmpfs" && mount.host_path.empty();  // not a folder on the host's tmpfs
    return in_memory || mount.fs_type == "emptyDir";
}

std::string state_dir(const Evidence& evidence)
{
    return layout_of(evidence).state_dir;
}

std::string destination_of(const Evidence& evidence, std::string_view origin)
{
    const Entry* const entry = entry_at(layout_of(evidence), origin);
    return entry == nullptr ? "" : destination_path(layout_of(evidence), *entry);
}

bool state_is_there(const Evidence& evidence)
{
    if (mount_at(evidence, state_dir(evidence)) != nullptr) return true;
    if (evidence.survey != nullptr) return evidence.survey->volume.state == VolumeState::present;
    const auto facts = evidence.files ? evidence.files->facts(state_dir(evidence)) : std::nullopt;
    return facts && facts->kind == Kind::directory;
}

std::string said(const MountFact& mount)
{
    return printable(mount.source.empty() ? mount.fs_type : mount.source) + ":" + printable(mount.target);
}

}  // namespace mailstate
