// SPDX-License-Identifier: MIT
#include "app/output/displaced_text.hpp"

#include "app/output/findings_text.hpp"
#include "app/output/outcome_text.hpp"
#include "app/output/paragraph.hpp"
#include "app/output/run_view.hpp"
#include "base/escape.hpp"
#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

constexpr std::size_t indent = 4;

std::string size_text(const std::vector<DisplacedItem>& items)
{
    return human_count(items.size(), "item", "items") + ", " + human_bytes(bytes_of(items));
}

std::string conclusion(std::string_view action, const DisplacedReport& report)
{
    const bool prune = action == "prune";
    switch (report.run.outcome) {
        case Outcome::done:
            if (prune && report.items.empty()) return "no matching item; nothing to do";
            if (report.would && prune) return "would remove " + size_text(report.items) + "; nothing was changed";
            if (report.would) return "would restore " + size_text(report.items) + "; nothing was changed";
            if (prune) return "removed " + size_text(report.items);
            return "restored; the displaced item is kept until 'mailstate displaced prune'";
        case Outcome::blocked:
            return blocked_text;
        case Outcome::midway:
            return "stopped midway; nothing that should be kept was lost. Correct the errors above, then run it again";
        case Outcome::locked:
            return locked_text;
        case Outcome::interrupted:
            return "interrupted; run it again";
    }
    return "";
}

Json item_json(const DisplacedItem& item)
{
    return {{"id", printable(item.id)},
            {"entry", printable(item.entry)},
            {"created", printable(item.created)},
            {"why", why_displaced(item)},
            {"whole", item.whole},
            {"kind", name_of(item.kind)},
            {"files", item.size.files},
            {"bytes", item.size.bytes},
            {"path", printable(item.path)},
            {"has_manifest", item.has_manifest}};
}

}  // namespace

std::uint64_t bytes_of(const std::vector<DisplacedItem>& items)
{
    std::uint64_t bytes = 0;
    for (const DisplacedItem& item : items) bytes += item.size.bytes;
    return bytes;
}

std::string displaced_text(const std::vector<DisplacedItem>& items)
{
    std::string text;
    for (const DisplacedItem& item : items) {
        text += wrapped(printable(item.id) + " (" + human_count(item.size.files, "file", "files") + ", " +
                            human_bytes(item.size.bytes) + ")",
                        indent);
        text +=
            std::string(indent, ' ') +
            wrapped(excerpt(item.entry) + ", " + excerpt(item.created) + ": " + why_displaced(item), indent, indent);
        text += std::string(indent, ' ') + wrapped("in " + printable(item.path), indent, indent);
    }
    return text;
}

Json displaced_json(const std::vector<DisplacedItem>& items)
{
    Json json = Json::array();
    for (const DisplacedItem& item : items) json.push_back(item_json(item));
    return json;
}

std::string displaced_report_text(std::string_view action, const DisplacedReport& report, Paint paint)
{
    std::string text;
    if (report.would)
        text += displaced_text(report.items);
    else
        for (const std::string& change : report.run.changes)
            text += "  " + wrapped(escape(change, Backslash::keep), indent, 2);
    text += findings_text(by_severity(report.run.findings), paint);
    return text + wrapped("displaced " + std::string(action) + ": " + conclusion(action, report), 2);
}

}  // namespace mailstate
