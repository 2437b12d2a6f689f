// SPDX-License-Identifier: MIT
#include "engine/rehearsal_compare.hpp"

#include <algorithm>

#include "engine/copy_tree.hpp"
#include "engine/entry_places.hpp"
#include "engine/ownership.hpp"
#include "engine/stale.hpp"

namespace mailstate {

namespace {

Result<std::vector<Glob>> compile(const std::vector<std::string>& patterns)
{
    std::vector<Glob> globs;
    globs.reserve(patterns.size());
    for (const std::string& pattern : patterns) globs.push_back(TRY(Glob::compile(pattern)));
    return globs;
}

bool matches(const std::vector<Glob>& globs, const std::string& relative)
{
    return std::any_of(globs.begin(), globs.end(), [&](const Glob& glob) { return glob.matches(relative); });
}

// What the rules make of an item, as far as it can be told without looking at the whole tree.
class Rules {
public:
    static Result<Rules> make(const Beginning& beginning, const Entry& entry)
    {
        Rules rules(beginning, entry);
        rules.stale_ = TRY(compile(entry.stale));
        rules.spare_ = TRY(compile(entry.spare));
        Result<OwnershipRules> owners = OwnershipRules::make(entry, beginning.survey.identities);
        if (owners && beginning.owned) rules.owners_ = std::move(*owners);
        const auto& ledger = beginning.survey.ledger;
        if (ledger && !begins_at_origin(beginning.planned.decision))
            rules.numbers_ = renumbered(ledger->identities, beginning.survey.identities);
        return rules;
    }

    // Beside services that run, a pid file or a socket of theirs is not in the clone either.
    [[nodiscard]] bool is_trace(const Reader& reader, const Place& place) const
    {
        if (!matches(stale_, place.relative())) return false;
        const Result<TraceFound> found = look_for_trace(reader, place, place.attributes);
        return found && found->trace != Trace::none;
    }

    [[nodiscard]] Attributes wanted(const std::string& relative, const Attributes& was, const Attributes& is) const
    {
        Attributes item = was;
        const Owner translated = translate(numbers_, was.owner);
        const Wanted kept = kept_by(was, translated);
        item.owner = kept.owner;
        item.mode = kept.mode;
        const bool inside = !relative.empty() && concerns_itself_only(entry_);
        if (owners_ && !inside && !is_spare(relative)) {
            const Wanted wanted = owners_->wanted(relative, was, translated);
            item.owner = wanted.owner;
            item.mode = wanted.mode;
        }
        if (was.links > 1 && was.kind != Kind::directory) {  // another of its names decides, or none
            item.owner = is.owner;
            item.mode = is.mode;
        }
        if (beginning_.owner) item.owner = *beginning_.owner;
        // What is stale was removed from it.
        if (was.kind == Kind::directory && !stale_.empty()) item.mtime = is.mtime;
        return item;
    }

private:
    Rules(const Beginning& beginning, const Entry& entry) : beginning_(beginning), entry_(entry) {}

    // With all that is in it: the pass over owners does not enter it.
    [[nodiscard]] bool is_spare(const std::string& relative) const
    {
        for (std::size_t end = relative.find('/'); end != std::string::npos; end = relative.find('/', end + 1))
            if (matches(spare_, relative.substr(0, end))) return true;
        return matches(spare_, relative);
    }

    const Beginning& beginning_;
    const Entry& entry_;
    std::vector<Glob> stale_, spare_;
    std::optional<OwnershipRules> owners_;
    Renumbering numbers_;
};

}  // namespace

bool begins_at_origin(Decision decision)
{
    return decision == Decision::move || decision == Decision::prepare;
}

bool has_beginning(Decision decision)
{
    switch (decision) {
        case Decision::move:
        case Decision::prepare:
        case Decision::keep_destination:
        case Decision::set_aside:
        case Decision::link:
        case Decision::in_place:
        case Decision::keep_unlinked:
            return true;
        default:
            return false;
    }
}

Result<> compare_with_beginning(const Beginning& beginning, const Entry& entry)
{
    const bool from_origin = begins_at_origin(beginning.planned.decision);
    const Name from = TRY(from_origin ? find_origin(beginning.real, entry) : find_destination(beginning.real, entry));
    const Name to =
        TRY(beginning.linked ? find_origin(beginning.clone, entry) : find_destination(beginning.clone, entry));
    const Reader& reader = beginning.real.reader;
    const Rules rules = TRY(Rules::make(beginning, entry));
    const bool is_file = entry.kind == Kind::regular;
    Comparison how(Content::and_attributes, beginning.coarse_times ? Times::coarse : Times::exact);
    how.storage = StorageNames::stay;
    how.is_left_out = [&](const Place& place) {
        const bool is_directory = place.attributes.kind == Kind::directory;
        return rules.is_trace(reader, place) || (!is_directory && !beginning.sample.takes(place.relative()));
    };
    how.wanted = [&](const std::string& relative, const Attributes& was, const Attributes& is) {
        return rules.wanted(is_file ? std::string() : relative, was, is);
    };
    const Attributes was = TRY(reader.attributes(from));
    const Attributes is = TRY(reader.attributes(to));
    if (is_file) return compare_items(beginning.real, {from, was}, {to, is}, how);
    return compare_trees(beginning.real, TRY(reader.open_directory(from, Cross::no)),
                         TRY(reader.open_directory(to, Cross::no)), Cross::no, how);
}

}  // namespace mailstate
