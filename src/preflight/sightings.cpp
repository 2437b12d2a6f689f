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

Seen unless_settings_are_seen(const Evidence& evidence, Seen seen)
{
    if (evidence.settings_missing.empty()) return seen;
    return unless_known(std::move(seen), evidence.settings_missing, "Run check where they can be read.");
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
