// SPDX-License-Identifier: MIT
// Result<T>: a value or an Error. Member names are std::expected's, which g++ 12 has under C++23 only.
#pragma once

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

#include "mailstate/base/error.hpp"

namespace mailstate {

// What a function returns when it fails: converts into every Result.
struct Failure {
    Error error;
};

inline Failure fail(Error error)
{
    return Failure{std::move(error)};
}

template <class T = void>
class [[nodiscard]] Result {
public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure.error)) {}

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    T& value() & { return checked(); }
    const T& value() const& { return std::get<0>(state_); }
    T value() && { return std::move(checked()); }

    T& operator*() { return checked(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &checked(); }
    const T* operator->() const { return &value(); }

    [[nodiscard]] T value_or(T other) const& { return has_value() ? value() : std::move(other); }

    [[nodiscard]] const Error& error() const { return std::get<1>(state_); }
    Failure failure() && { return Failure{std::move(std::get<1>(state_))}; }

private:
    T& checked()
    {
        assert(has_value());
        return std::get<0>(state_);
    }

    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Failure failure) : error_(std::move(failure.error)) {}

    [[nodiscard]] bool has_value() const { return !error_.has_value(); }
    explicit operator bool() const { return has_value(); }
    void value() const {}
    [[nodiscard]] const Error& error() const { return *error_; }
    Failure failure() && { return Failure{std::move(*error_)}; }

private:
    std::optional<Error> error_;
};

}  // namespace mailstate

// The value of an expression, or return its failure from the function around it. The number keeps nested uses apart.
#define TRY(expression) MAILSTATE_TRY(expression, __COUNTER__)
#define MAILSTATE_TRY(expression, number) MAILSTATE_TRY_JOIN(expression, number)
#define MAILSTATE_TRY_JOIN(expression, number) MAILSTATE_TRY_NAMED(expression, try_result_##number)
#define MAILSTATE_TRY_NAMED(expression, result)          \
    __extension__({                                      \
        auto result = (expression);                      \
        if (!result) return std::move(result).failure(); \
        std::move(result).value();                       \
    })
