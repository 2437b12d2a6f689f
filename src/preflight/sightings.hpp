// SPDX-License-Identifier: MIT
// Helpers of the rules: what was seen, and how much of it is said.
#pragma once

#include <string>
#include <string_view>

#include "preflight/rule.hpp"

namespace mailstate {

// The same thing seen often: the first twenty are said, then how many more there are.
class Few {
public:
    void add(std::string subject, std::string message, std::string hint = {});
    Sightings take();

private:
    Sightings seen_;
    std::size_t more_ = 0;
};

Seen see(std::string subject, std::string message, std::string hint = {});
Seen see(Severity severity, std::string subject, std::string message, std::string hint = {});

// The same with what its message is made of, by name: for machines. Never a secret.
Seen with_data(Seen seen, std::map<std::string, std::string> data);

// It stands to reason, but what it hangs on was not seen. The settle is a sentence.
Seen unless_known(Seen seen, std::string why, std::string settle);

// The first line that holds one of the words, outside of comments: its number; 0 where none does.
int line_with(std::string_view text, std::string_view word);

// A file of the configuration folder, as it is seen there.
std::optional<std::string> config_text(const Evidence& evidence, std::string_view name);

const MountFact* mount_at(const Evidence& evidence, std::string_view target);
std::string state_dir(const Evidence& evidence);
// Where the layout keeps what a service has at this origin; empty where it keeps nothing of it.
std::string destination_of(const Evidence& evidence, std::string_view origin);
inline constexpr std::string_view postfix_spool = "/var/spool/postfix";
bool state_is_there(const Evidence& evidence);
std::string said(const MountFact& mount);  // "./redis:/var/lib/redis"

}  // namespace mailstate
