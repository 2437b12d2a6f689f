// SPDX-License-Identifier: MIT
// The finding table: every code that mailstate can state outside of the preflight rules, which are a table of their own
// in the same form. A finding is made from its row and the data of its case, so that a code has one hint.
#pragma once

#include <array>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "mailstate/base/error.hpp"
#include "model/findings/adoption.hpp"
#include "model/findings/displaced.hpp"
#include "model/findings/entry.hpp"
#include "model/findings/given.hpp"
#include "model/findings/process.hpp"
#include "model/findings/run.hpp"
#include "model/findings/volume.hpp"
#include "model/findings/volume_abilities.hpp"
#include "model/findings/way_back.hpp"

namespace mailstate {

namespace findings {

inline constexpr std::array<std::span<const FindingRow>, 9> all{
    volume, volume_abilities, process, entry, adoption, displaced, run, given, way_back};

constexpr const FindingRow* find(std::string_view code)
{
    for (const std::span<const FindingRow>& part : all)
        for (const FindingRow& row : part)
            if (row.code == code) return &row;
    return nullptr;
}

// Of a filesystem that lacks an ability: "volume.lacks-<its name>".
constexpr const FindingRow* find_ability(std::string_view ability)
{
    constexpr std::string_view prefix = "volume.lacks-";
    for (const FindingRow& row : volume_abilities)
        if (row.code.starts_with(prefix) && row.code.substr(prefix.size()) == ability) return &row;
    return nullptr;
}

inline constexpr std::string_view gap = "{}";

constexpr std::size_t gaps_in(std::string_view hint)
{
    std::size_t count = 0;
    for (std::size_t at = hint.find(gap); at != std::string_view::npos; at = hint.find(gap, at + gap.size())) ++count;
    return count;
}

// Each {} of the row's hint is replaced by the next of `data`; without data, by nothing.
Finding from_row(const FindingRow& row, Severity severity, std::string subject, std::string message,
                 std::initializer_list<std::string_view> data);

}  // namespace findings

// A code of the table: another one does not compile.
class FindingCode {
public:
    consteval FindingCode(const char* code) : row_(findings::find(code))  // NOLINT(google-explicit-constructor)
    {
        if (row_ == nullptr) throw "this code is not in the finding table";  // not a constant expression: an error
    }
    [[nodiscard]] constexpr const FindingRow& row() const { return *row_; }
    [[nodiscard]] constexpr std::string text() const { return std::string(row_->code); }

private:
    const FindingRow* row_;
};

// The same, of a row whose hint has as many gaps as there are data.
template <class... Data>
class FindingCodeWith : public FindingCode {
public:
    consteval FindingCodeWith(const char* code) : FindingCode(code)  // NOLINT(google-explicit-constructor)
    {
        if (findings::gaps_in(row().hint) != sizeof...(Data)) throw "the hint of this code has other gaps";
    }
};

template <class... Data>
using CodeFor = std::type_identity_t<FindingCodeWith<Data...>>;  // as a parameter: what the data say is not asked of it

// With the row's severity and hint.
template <class... Data>
// NOLINTNEXTLINE(performance-unnecessary-value-param): moved from, in a call that depends on Data
Finding make_finding(CodeFor<Data...> code, std::string subject, std::string message, const Data&... data)
{
    return findings::from_row(code.row(), code.row().severity, std::move(subject), std::move(message),
                              {std::string_view(data)...});
}

// More or less serious than the row says: where the case decides, such as a roll back that stops at what an apply only
// leaves.
template <class... Data>
// NOLINTNEXTLINE(performance-unnecessary-value-param): the same
Finding make_finding(Severity severity, CodeFor<Data...> code, std::string subject, std::string message,
                     const Data&... data)
{
    return findings::from_row(code.row(), severity, std::move(subject), std::move(message),
                              {std::string_view(data)...});
}

// Of a failed call: its description is the message, and its own hint, which knows the case, comes before the row's.
// What a signal ended needs no remedy.
Finding make_finding(FindingCode code, std::string subject, const Error& error);
Finding make_finding(Severity severity, FindingCode code, std::string subject, const Error& error);

}  // namespace mailstate
