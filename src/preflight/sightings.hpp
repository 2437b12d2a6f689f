// SPDX-License-Identifier: MIT
// Helpers of the rules: what was seen, in words and by name.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

#include "preflight/message.hpp"
#include "preflight/rule.hpp"

namespace mailstate {

Seen see(std::string subject, Message message, const std::string& hint = {});
Seen see(std::string subject, const char* message, const std::string& hint = {});
Seen see(Severity severity, std::string subject, Message message, const std::string& hint = {});

// Many sightings of one kind: reports the first twenty, then the number of the others.
class Few {
public:
    void add(std::string subject, Message message, const std::string& hint = {});
    void add(std::string subject, const char* message, const std::string& hint = {})
    {
        add(std::move(subject), {Part(message)}, hint);
    }
    void add(Seen seen);
    Sightings take();

private:
    Sightings seen_;
    std::size_t more_ = 0;
};

// Plausible, but the evidence that decides it was not seen: `why`. `settle` is a sentence that says how to get it.
Seen unless_known(Seen seen, std::string why, std::string settle);

// It depends on the release that runs now, which nobody named; and the same where it is not known.
Seen if_from_were_known(Seen seen, std::string why = "the release that runs now is not known");
Seen unless_from_is_known(const Evidence& evidence, Seen seen);
Sightings unless_from_is_known(const Evidence& evidence, Sightings seen);

// The first line that holds one of the words, outside of comments: its number; 0 where none does.
int line_with(std::string_view text, std::string_view word);

// Why what is not found in the configuration folder may be there anyway; empty: all of the folder was seen.
std::string unseen_config(const Evidence& evidence);
// It hangs on what may be in a file that was not seen: variables, or one that is not set where it is looked for.
Seen unless_settings_are_seen(const Evidence& evidence, Seen seen);
Seen unless_variable_is_seen(const Evidence& evidence, std::string_view name, Seen seen);
Seen unless_config_is_seen(const Evidence& evidence, Seen seen);

// A file of the configuration folder, as it is seen there.
std::optional<std::string> config_text(const Evidence& evidence, std::string_view name);

const ComposeService* judged_service(const Evidence& evidence);  // of a compose file or a manifest; null: of none
const MountFact* mount_at(const Evidence& evidence, std::string_view target);
// The innermost one at the path or above it, of those that count; null: none.
const MountFact* mount_over(const Evidence& evidence, std::string_view path,
                            const std::function<bool(const MountFact& mount)>& counts);
std::string path_on_host(const MountFact& mount, std::string_view path);  // of a path that it is over
bool ends_with_container(const MountFact& mount);                         // in memory, or an emptyDir
std::string state_dir(const Evidence& evidence);
// Where the layout keeps what a service has at this origin; empty where it keeps nothing of it.
std::string destination_of(const Evidence& evidence, std::string_view origin);
inline constexpr std::string_view postfix_spool = "/var/spool/postfix";
inline constexpr std::string_view mail_dir = "/var/mail";  // of docker-mailserver
bool state_is_there(const Evidence& evidence);
std::string said(const MountFact& mount);  // "./redis:/var/lib/redis"

}  // namespace mailstate
