// SPDX-License-Identifier: MIT
#include "engine/ledger_store.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/ledger_trust.hpp"
#include "engine/removal.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::string_view prefix = "ledger.", ending = ".json";
constexpr std::uint64_t highest = 999'999'999'999'999;  // what one run a second would reach in a long time
constexpr std::uint64_t ledgers_kept = 3;

// Nothing for other names, and for a number that is not written as ours are.
std::optional<std::uint64_t> number_of(const std::string& name)
{
    if (name == first_ledger_name) return 0;
    if (!name.starts_with(prefix) || !name.ends_with(ending) || name.size() <= prefix.size() + ending.size())
        return std::nullopt;
    const std::string digits = name.substr(prefix.size(), name.size() - prefix.size() - ending.size());
    const std::optional<std::uint64_t> number = parse_decimal(digits);
    if (!number || *number == 0 || *number > highest || std::to_string(*number) != digits) return std::nullopt;
    return number;
}

// Nothing where it is empty, or gone since it was listed.
Result<std::optional<std::string>> text_of(const Reader& reader, const Name& file)
{
    Result<std::string> text = reader.read_file(file, ledger_limit);
    if (!text && text.error().number == ENOENT) return std::optional<std::string>();
    if (!text) return fail(text.error());
    if (text->empty() && file.name != first_ledger_name) return std::optional<std::string>();
    return std::optional(std::move(*text));
}

// What stays of them is read by nobody.
void remove_old(Writer& writer, const DirectoryRef& workspace, const std::vector<std::uint64_t>& numbers)
{
    const std::uint64_t newest = numbers.back();
    for (const std::uint64_t number : numbers) {
        if (number + ledgers_kept > newest) return;
        const std::string name = ledger_name(number);
        const Result<Proof> own = Removal::own({workspace, name});
        if (own) (void)writer.remove_file({workspace, name}, *own);
    }
}

Result<StoredLedger> look_for_newest(const Reader& reader, const DirectoryRef& workspace)
{
    const std::vector<std::uint64_t> numbers = TRY(ledger_numbers(reader, workspace));
    for (auto number = numbers.rbegin(); number != numbers.rend(); ++number) {
        const std::string name = ledger_name(*number);
        const std::optional<std::string> text = TRY(text_of(reader, {workspace, name}));
        if (!text) continue;
        Ledger ledger = TRY(parse_ledger(workspace->path().text(name), *text));
        if (TRY(is_roots_own(reader, {workspace, name}))) return StoredLedger{*number, name, std::move(ledger), {}};
        StoredLedger disbelieved{*number, name, ledger, ledger};
        forget_numbers(*disbelieved.ledger);
        return disbelieved;
    }
    return StoredLedger{};
}

}  // namespace

std::string ledger_name(std::uint64_t number)
{
    if (number == 0) return first_ledger_name;
    return std::string(prefix) + std::to_string(number) + std::string(ending);
}

Result<std::vector<std::uint64_t>> ledger_numbers(const Reader& reader, const DirectoryRef& workspace)
{
    std::vector<std::uint64_t> numbers;
    TRY(each_name(reader, workspace, [&](const std::string& name) -> Result<> {
        if (const auto number = number_of(name)) numbers.push_back(*number);
        return {};
    }));
    std::ranges::sort(numbers);
    return numbers;
}

bool is_unread(const Error& error)
{
    return error.number != 0 && error.number != ENOTSUP;
}

// Once more, since a call that fails once need not end a start.
Result<StoredLedger> read_newest_ledger(const Reader& reader, const DirectoryRef& workspace)
{
    Result<StoredLedger> found = look_for_newest(reader, workspace);
    return !found && is_unread(found.error()) ? look_for_newest(reader, workspace) : found;
}

Result<std::optional<Ledger>> read_ledger(const Reader& reader, const DirectoryRef& workspace)
{
    return TRY(read_newest_ledger(reader, workspace)).ledger;
}

Result<> write_ledger(const Reader& reader, Writer& writer, const DirectoryRef& workspace, const Name& temporary,
                      std::uint64_t number, const Ledger& ledger)
{
    const std::string name = ledger_name(number);
    Result<> made = writer.make_file(temporary, to_json_text(ledger), Mode{0600});
    if (made) made = writer.rename(temporary, {workspace, name}, Replace::no);
    if (!made) {
        (void)writer.remove_file(temporary, TRY(Removal::own(temporary)));  // else the next run does
        return made;
    }
    TRY(writer.sync_directory(workspace));
    // Others may have come further meanwhile, and have removed the number that we took again.
    const std::vector<std::uint64_t> numbers = TRY(ledger_numbers(reader, workspace));
    if (!numbers.empty() && numbers.back() > number)
        return fail(Error{EEXIST, "", workspace->path().text(name), "is older than the newest ledger", {}});
    if (!numbers.empty()) remove_old(writer, workspace, numbers);
    return {};
}

}  // namespace mailstate
