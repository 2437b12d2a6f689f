// SPDX-License-Identifier: MIT
#include "model/link_elsewhere.hpp"

#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"

namespace mailstate {

Finding link_elsewhere(const Entry& entry, const EntrySurvey& seen)
{
    const std::string parent = entry.origin.substr(0, entry.origin.rfind('/') + 1);
    const std::string relative = seen.link_text.starts_with("./") ? seen.link_text.substr(2) : seen.link_text;
    if (seen.link_text == entry.origin || parent + relative == entry.origin)
        return make_finding("origin.link-loop", entry.name, "the origin is a link to itself", printable(entry.origin));
    const std::string data = printable(seen.link_text.starts_with('/') ? seen.link_text : parent + seen.link_text);
    const std::string link = printable(entry.origin);
    return make_finding("origin.link-elsewhere", entry.name, "the origin is a link to " + printable(seen.link_text),
                        data, "rm " + link + " && mv " + data + " " + link);
}

}  // namespace mailstate
