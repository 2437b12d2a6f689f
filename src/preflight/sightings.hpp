// SPDX-License-Identifier: MIT
// Helpers of the rules: what was seen, in words and by name.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "preflight/message.hpp"
#include "preflight/rule.hpp"

namespace mailstate {

Seen see(std::string subject, Message message, const std::string& hint = {});
Seen see(std::string subject, const char* message, const std::string& hint = {});
Seen see(Severity severity, std::string subject, Message message, const std::string& hint = {});

// The same thing seen often: the first twenty are reported, then how many more there are.
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

// It stands to reason, but what it hangs on was not seen. The settle is a sentence.
Seen unless_known(Seen seen, std::string why, std::string settle);

// The first line that holds one of the words, outside of comments: its number; 0 where none does.
int line_with(std::string_view text, std::string_view word);

// Why what is not found in the configuration folder may be there anyway; empty: all of the folder was seen.
std::string unseen_config(const Evidence& evidence);
// The same where a variable is not set that may be set in a file that was not seen.
Seen unless_settings_are_seen(const Evidence& evidence, Seen seen);
Seen unless_config_is_seen(const Evidence& evidence, Seen seen);

// A file of the configuration folder, as it is seen there.
std::optional<std::string> config_text(const Evidence& evidence, std::string_view name);

const ComposeService* judged_service(const Evidence& evidence);  // of a compose file or a manifest; null: of none
const MountFact* mount_at(const Evidence& evidence, std::string_view target);
std::string state_dir(const Evidence& evidence);
// Where the layout keeps what a service has at this origin; empty where it keeps nothing of it.
std::string destination_of(const Evidence& evidence, std::string_view origin);
inline constexpr std::string_view postfix_spool = "/var/spool/postfix";
inline constexpr std::string_view mail_dir = "/var/mail";  // of docker-mailserver
bool state_is_there(const Evidence& evidence);
std::string said(const MountFact& mount);  // "./redis:/var/lib/redis"

}  // namespace mailstate
