// SPDX-License-Identifier: MIT
#include "model/json_document.hpp"

#include <optional>

#include "mailstate/base/text.hpp"
#include "model/text_position.hpp"
#include "model/words.hpp"

namespace mailstate {
namespace {

constexpr std::size_t longest_complaint = 160;

// "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while parsing …; last read: '…'"
// without its name, its position, and what was read where that is long.
std::string complaint_of(std::string_view what)
{
    const auto drop_through = [&what](std::string_view start, std::string_view end) {
        const auto at = what.find(end);
        if (what.starts_with(start) && at != std::string_view::npos) what.remove_prefix(at + end.size());
    };
    drop_through("[", "] ");
    drop_through("parse error", ": ");
    if (what.size() > longest_complaint) {
        what = what.substr(0, what.find("; last read:"));
        what = what.substr(0, longest_complaint);
    }
    return printable(what);
}

bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '+' ||
           c == '.';
}

bool is_escaped(std::string_view text, std::size_t at)
{
    bool escaped = false;
    while (at > 0 && text[--at] == '\\') escaped = !escaped;
    return escaped;
}

// The parser says where a token ended, or where it saw that it is none; a person looks for its beginning.
std::size_t start_of_token(std::string_view text, std::size_t last)
{
    if (last >= text.size()) return text.size();
    auto at = last;
    if (text[at] == '"') {
        do {
            at = at == 0 ? std::string_view::npos : text.rfind('"', at - 1);
        } while (at != std::string_view::npos && is_escaped(text, at));
        return at == std::string_view::npos ? last : at;
    }
    while (at > 0 && is_word(text[at - 1])) --at;
    return at;
}

// Values as they are read, in the order of the text. open_ holds the containers that are not closed yet; a vector grows
// only while its last element is closed, so the pointers stay good.
class Builder final : public nlohmann::json_sax<Json> {
public:
    Builder(const JsonSource& source, const JsonStream* stream) : source_(source), stream_(stream) {}

    [[nodiscard]] std::optional<Error>& error() { return error_; }
    [[nodiscard]] Json& root() { return root_; }

    bool null() override { return scalar(nullptr); }
    bool boolean(bool value) override { return scalar(value); }
    bool number_integer(number_integer_t value) override { return scalar(value); }
    bool number_unsigned(number_unsigned_t value) override { return scalar(value); }
    bool number_float(number_float_t value, const string_t& /*text*/) override { return scalar(value); }
    bool string(string_t& value) override { return scalar(std::move(value)); }
    bool binary(binary_t& /*value*/) override { return false; }  // no JSON text holds one
    bool start_object(std::size_t /*size*/) override { return open(Json::value_t::object); }
    bool start_array(std::size_t /*size*/) override { return open(Json::value_t::array); }
    bool end_object() override { return close(); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override
    {
        names_.back() = std::move(name);
        if (!streamed() && open_.back()->contains(names_.back()))
            return stop(JsonSpot::second_key, "the name " + in_quotes(names_.back()) + " occurs twice in this object",
                        "Remove one of the two.");
        return true;
    }

    bool parse_error(std::size_t position, const std::string& /*token*/,
                     const nlohmann::detail::exception& what) override
    {
        auto complaint = complaint_of(what.what());
        auto begin = position > 0 ? position - 1 : 0;
        // What is wrong inside a string stays where it is.
        if (complaint.find("invalid string") == std::string::npos) begin = start_of_token(source_.text, begin);
        error_ = text_error(place_in(source_.file_name, source_.text, begin), std::move(complaint),
                            "This is not valid JSON: look for a missing or extra comma, quote or bracket here or just "
                            "before; JSON has no comments.");
        return false;
    }

private:
    [[nodiscard]] bool streamed() const
    {
        return stream_ != nullptr && open_.size() == 2 && names_.front() == stream_->member && open_[1]->is_object();
    }

    Json& put(Json&& value)
    {
        if (open_.empty()) return root_ = std::move(value);
        auto& container = *open_.back();
        if (container.is_object()) return container[names_.back()] = std::move(value);
        container.push_back(std::move(value));
        return container.back();
    }

    bool scalar(Json&& value)
    {
        put(std::move(value));
        return complete();
    }

    bool open(Json::value_t type)
    {
        auto& container = put(Json(type));
        if (open_.size() == deepest_json)
            return stop(JsonSpot::value, "values are nested more than " + std::to_string(deepest_json) + " deep",
                        "Nothing that belongs here is nested so deeply.");
        open_.push_back(&container);
        names_.emplace_back();
        return true;
    }

    bool close()
    {
        open_.pop_back();
        names_.pop_back();
        return complete();
    }

    // A value is whole: hand it over if it is a member of what is streamed.
    bool complete()
    {
        if (!streamed()) return true;
        auto taken = stream_->take(names_.back(), open_.back()->at(names_.back()), root_);
        open_.back()->clear();
        if (!taken) error_ = taken.error();
        return taken.has_value();
    }

    bool stop(JsonSpot spot, std::string message, std::string hint)
    {
        std::vector<JsonStep> steps;
        for (std::size_t i = 0; i < open_.size(); ++i) {
            if (open_[i]->is_object()) {
                steps.emplace_back(std::string_view(names_[i]));
            } else {
                steps.emplace_back(open_[i]->size() - 1);
            }
        }
        error_ = error_at(source_, steps, spot, std::move(message), std::move(hint));
        return false;
    }

    const JsonSource& source_;
    const JsonStream* stream_;
    Json root_;
    std::vector<Json*> open_;
    std::vector<std::string> names_;  // of the member being read, for each open container
    std::optional<Error> error_;
};

}  // namespace

Error error_at(const JsonSource& source, const std::vector<JsonStep>& steps, JsonSpot spot, std::string message,
               std::string hint)
{
    const auto offset = locate(source.text, steps, spot);
    return text_error(place_in(source.file_name, source.text, offset), std::move(message), std::move(hint));
}

Result<Json> parse_json(const JsonSource& source, std::size_t limit, const JsonStream* stream)
{
    if (source.text.size() > limit)
        return fail(text_error(
            place_in(source.file_name, {}, 0),
            "the file has " + human_bytes(source.text.size()) + ", at most " + human_bytes(limit) + " are read",
            "Check that this is the right file."));
    Builder builder(source, stream);
    if (!Json::sax_parse(source.text, &builder)) return fail(std::move(*builder.error()));
    return std::move(builder.root());
}

}  // namespace mailstate
