// SPDX-License-Identifier: MIT
#include "app/page/html.hpp"

#include <algorithm>
#include <array>

#include "base/escape.hpp"

namespace mailstate {

namespace {

std::string_view entity_of(char letter)
{
    switch (letter) {
        case '&':
            return "&amp;";
        case '<':
            return "&lt;";
        case '>':
            return "&gt;";
        case '"':
            return "&quot;";
        case '\'':
            return "&#39;";
        default:
            return {};
    }
}

// Inside a line of text; a line end after it would be a space.
bool is_inline(std::string_view tag)
{
    static constexpr std::array<std::string_view, 5> tags{"a", "b", "code", "span", "time"};
    return std::ranges::find(tags, tag) != tags.end();
}

}  // namespace

Html::Html(std::string_view text)
{
    for (const char letter : escape(text, Backslash::keep)) {
        const std::string_view entity = entity_of(letter);
        if (entity.empty())
            markup_ += letter;
        else
            markup_ += entity;
    }
}

Html Html::markup(std::string_view trusted)
{
    Html html;
    html.markup_ = trusted;
    return html;
}

Html& Html::operator+=(const Html& more)
{
    markup_ += more.markup_;
    return *this;
}

Html operator+(Html left, const Html& right)
{
    left += right;
    return left;
}

Html element(std::string_view tag, const Html& inner)
{
    return element_with(tag, {}, inner);
}

Html element(std::string_view tag, std::string_view class_name, const Html& inner)
{
    return element_with(tag, {{"class", std::string(class_name)}}, inner);
}

Html element_with(std::string_view tag, HtmlAttributes attributes, const Html& inner)
{
    const std::string name(tag);
    std::string opening = "<" + name;
    for (const auto& [attribute, value] : attributes)
        if (!value.empty()) opening += " " + std::string(attribute) + "=\"" + Html(value).str() + "\"";
    return Html::markup(opening + ">") + inner + Html::markup("</" + name + (is_inline(tag) ? ">" : ">\n"));
}

}  // namespace mailstate
