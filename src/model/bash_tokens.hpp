// SPDX-License-Identifier: MIT
// The words of an arithmetic expression. Source: bash(1), ARITHMETIC EVALUATION, and what bash 5.2 does where it is
// silent.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mailstate/result.hpp"

namespace mailstate {

enum class BashTokenKind { end, number, name, mark };

struct BashToken {
    BashTokenKind kind = BashTokenKind::end;
    std::string_view text;  // a mark's spelling, a name, or the number as written
    std::int64_t number = 0;
};

class BashTokens {
public:
    explicit BashTokens(std::string_view expression) : text_(expression) {}

    // The next one; the end again and again at the end. Error, message only: a broken number, a byte that is no
    // operator, an assignment or increment (which would change a variable: not done here), an array's element.
    Result<BashToken> next();

private:
    [[nodiscard]] char at(std::size_t offset) const { return offset < text_.size() ? text_[offset] : '\0'; }
    [[nodiscard]] std::size_t skip_space(std::size_t offset) const;
    Result<BashToken> mark();
    Result<BashToken> mark_of(std::size_t length);

    std::string_view text_;
    std::size_t at_ = 0;
    BashTokenKind last_ = BashTokenKind::end;
};

}  // namespace mailstate
