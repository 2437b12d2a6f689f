// SPDX-License-Identifier: MIT
// The members of a type, named once for reading, checking and writing:
//
//     void fields(auto& v, Noun<Generation> auto& generation)
//     {
//         v.required("name", generation.name);
//         v.required("bytes", generation.bytes);
//     }
//
// From that come read(), which is strict, and to_json(), in this order.
#pragma once

#include <set>
#include <type_traits>

#include "model/json_nouns.hpp"

namespace mailstate {

template <class T, class Type>
concept Noun = std::same_as<std::remove_const_t<T>, Type>;

class MemberNames {
public:
    void schema(int /*number*/) { names.emplace_back("schema"); }
    template <class T>
    void required(std::string_view name, const T& /*value*/)
    {
        names.push_back(name);
    }
    template <class T>
    void later(std::string_view name, const T& /*value*/)
    {
        names.push_back(name);
    }
    template <class T>
    void optional(std::string_view name, const T& /*value*/)
    {
        names.push_back(name);
    }
    void must_hold(std::string_view /*name*/, bool /*holds*/, const char* /*message*/, const char* /*hint*/) {}

    std::vector<std::string_view> names;
};

template <class T>
concept HasFields = requires(MemberNames& names, T& value)
{
    fields(names, value);
};

// Stops at the first mistake.
class MemberReader {
public:
    explicit MemberReader(const JsonNode& object) : object_(object) {}

    void schema(int /*number*/) {}  // expect_schema() comes before all else
    template <class T>
    void required(std::string_view name, T& value)
    {
        if (outcome) outcome = read_member(object_, name, value);
    }
    template <class T>
    void later(std::string_view name, T& value)
    {
        if (outcome) outcome = read_optional(object_, name, value);
    }
    template <class T>
    void optional(std::string_view name, T& value)
    {
        later(name, value);
    }
    void must_hold(std::string_view name, bool holds, const char* message, const char* hint)
    {
        if (outcome && !holds) outcome = refuse(name, message, hint);
    }

    Result<> outcome;

private:
    Result<> refuse(std::string_view name, const char* message, const char* hint)
    {
        return mistake(TRY(member_of(object_, name)), message, hint);
    }

    const JsonNode& object_;
};

template <class T>
Result<> read_fields(const JsonNode& node, T& out)
{
    MemberNames known;
    fields(known, out);
    TRY(expect_members(node, known.names));
    MemberReader reader(node);
    fields(reader, out);
    return std::move(reader.outcome);
}

template <HasFields T>
Result<> read(const JsonNode& node, T& out)
{
    return read_fields(node, out);
}

class MemberWriter {
public:
    void schema(int number) { json["schema"] = number; }
    template <class T>
    void required(std::string_view name, const T& value)
    {
        json[std::string(name)] = to_json(value);
    }
    template <class T>
    void later(std::string_view name, const T& value)  // absent from files of older versions
    {
        required(name, value);
    }
    template <class T>
    void optional(std::string_view name, const T& value)  // written where there is something
    {
        if (!is_nothing(value)) required(name, value);
    }
    void must_hold(std::string_view /*name*/, bool /*holds*/, const char* /*message*/, const char* /*hint*/) {}

    OrderedJson json = OrderedJson::object();

private:
    template <class T>
    static bool is_nothing(const std::optional<T>& value)
    {
        return !value.has_value();
    }
    template <class T>
    static bool is_nothing(const T& list)
    {
        return list.empty();
    }
};

template <class T>
OrderedJson fields_json(const T& value)
{
    MemberWriter writer;
    fields(writer, value);
    return std::move(writer.json);
}

template <HasFields T>
OrderedJson to_json(const T& value)
{
    return fields_json(value);
}

}  // namespace mailstate
