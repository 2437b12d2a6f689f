// SPDX-License-Identifier: MIT
#include "model/json_locator.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/text_position.hpp"

namespace mailstate {
namespace {

class Cursor {
public:
    explicit Cursor(std::string_view text) : text_(text)
    {
        if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
        skip_space();
    }

    [[nodiscard]] std::size_t offset() const { return at_; }
    [[nodiscard]] char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

    // One of these marks, and the white space after it.
    void take_mark()
    {
        if (at_ < text_.size()) ++at_;
        skip_space();
    }

    // The string that starts here, with its quotes.
    std::string_view take_string()
    {
        const auto begin = at_++;
        while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2U : 1U;
        at_ = std::min(at_ + 1, text_.size());
        const auto raw = text_.substr(begin, at_ - begin);
        skip_space();
        return raw;
    }

    void skip_value()
    {
        std::size_t depth = 0;
        do {
            if (peek() == '"') {
                (void)take_string();  // what it says does not matter here
            } else {
                if (peek() == '{' || peek() == '[') ++depth;
                if ((peek() == '}' || peek() == ']') && depth > 0) --depth;
                take_mark();
            }
        } while (at_ < text_.size() && (depth > 0 || !at_value_end()));
    }

private:
    [[nodiscard]] bool at_value_end() const { return peek() == ',' || peek() == '}' || peek() == ']'; }

    void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

    std::string_view text_;
    std::size_t at_ = 0;
};

bool says(std::string_view raw_string, std::string_view name)
{
    if (raw_string.find('\\') == std::string_view::npos)
        return raw_string.size() == name.size() + 2 && raw_string.substr(1, name.size()) == name;
    const auto decoded = nlohmann::json::parse(raw_string, nullptr, false);
    return decoded.is_string() && decoded.get_ref<const std::string&>() == name;
}

// From '{' to the n-th member of that name: its key or its value.
bool enter_member(Cursor& cursor, std::string_view name, JsonSpot spot)
{
    int wanted = spot == JsonSpot::second_key ? 2 : 1;
    for (cursor.take_mark(); cursor.peek() == '"'; cursor.take_mark()) {
        auto at_key = cursor;
        const bool same = says(cursor.take_string(), name);
        cursor.take_mark();  // ':'
        if (same && --wanted == 0) {
            if (spot != JsonSpot::value) cursor = at_key;
            return true;
        }
        cursor.skip_value();
        if (cursor.peek() != ',') break;
    }
    return false;
}

bool enter_element(Cursor& cursor, std::size_t index)
{
    for (cursor.take_mark(); index > 0; --index) {
        cursor.skip_value();
        if (cursor.peek() != ',') return false;
        cursor.take_mark();
    }
    return true;
}

}  // namespace

std::size_t locate(std::string_view text, const std::vector<JsonStep>& steps, JsonSpot spot)
{
    Cursor cursor(text);
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto wanted = i + 1 == steps.size() ? spot : JsonSpot::value;
        const auto* const name = std::get_if<std::string_view>(&steps[i]);
        const bool found = name != nullptr ? enter_member(cursor, *name, wanted)
                                           : enter_element(cursor, std::get<std::size_t>(steps[i]));
        if (!found) return text.size();
    }
    return cursor.offset();
}

}  // namespace mailstate
