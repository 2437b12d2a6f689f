// SPDX-License-Identifier: MIT
// Html: markup. A text becomes markup only escaped, so that no file name can be taken for an element.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace mailstate {

class Html {
public:
    Html() = default;
    // Escaped for an element's text and for an attribute's value in quotes; control bytes and what is no UTF-8 become
    // \xNN.
    Html(std::string_view text);                                     // NOLINT(google-explicit-constructor): it is safe
    Html(const std::string& text) : Html(std::string_view(text)) {}  // NOLINT(google-explicit-constructor)
    Html(const char* text) : Html(std::string_view(text)) {}         // NOLINT(google-explicit-constructor)

    static Html markup(std::string_view trusted);  // of this program's own: taken as it is

    Html& operator+=(const Html& more);
    [[nodiscard]] bool empty() const { return markup_.empty(); }
    [[nodiscard]] const std::string& str() const { return markup_; }

private:
    std::string markup_;
};

Html operator+(Html left, const Html& right);

using HtmlAttributes = std::initializer_list<std::pair<std::string_view, std::string>>;  // an empty value: left out

Html element(std::string_view tag, const Html& inner);
Html element(std::string_view tag, std::string_view class_name, const Html& inner);
Html element_with(std::string_view tag, HtmlAttributes attributes, const Html& inner);

}  // namespace mailstate
