// SPDX-License-Identifier: MIT
// Helpers of the rules: what was seen, in words and by name.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "preflight/rule.hpp"

namespace mailstate {

// A part of a message: words, or a value, which machines get by its name in the finding's data. A string that has no
// name does not compile: what a message is made of is in the data. Never a secret.
struct Part {
    std::string_view name;    // of the value; empty: words
    std::string value, text;  // text: the value as people read it

    Part(const char* words) : text(words) {}  // NOLINT(google-explicit-constructor)
    Part(std::string_view name_of_value, std::string_view raw, std::string shown);
};
using Message = std::initializer_list<Part>;

Part datum(std::string_view name, std::string_view value);
Part datum(std::string_view name, std::string_view value, std::string text);
Part counted(std::string_view name, std::uint64_t count, std::string_view one, std::string_view many);
Part amount(std::string_view name, std::uint64_t bytes);

Seen see(std::string subject, Message message, std::string hint = {});
Seen see(std::string subject, const char* message, std::string hint = {});
Seen see(Severity severity, std::string subject, Message message, std::string hint = {});

// The same thing seen often: the first twenty are reported, then how many more there are.
class Few {
public:
    void add(std::string subject, Message message, std::string hint = {});
    void add(std::string subject, const char* message, std::string hint = {})
    {
        add(std::move(subject), {Part(message)}, std::move(hint));
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
