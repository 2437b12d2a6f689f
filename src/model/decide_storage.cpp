// SPDX-License-Identifier: MIT
#include "model/decide_storage.hpp"

#include "mailstate/base/text.hpp"
#include "mailstate/model/capability.hpp"

namespace mailstate {

const NotKept* not_kept_record(const Ledger& ledger, const Survey& survey, const Entry& entry)
{
    const auto found = ledger.not_kept.find(entry.name);
    if (found == ledger.not_kept.end() || !found->second.is_sure) return nullptr;
    const EntrySurvey& seen = survey.entries.at(entry.name);
    const FilesystemFacts& volume = seen.destination_mount ? seen.destination_filesystem : survey.volume.filesystem;
    const bool is_same = found->second.volume == volume_identity(volume, survey.process) && seen.size &&
                         found->second.fingerprint == seen.size->fingerprint;
    return is_same ? &found->second : nullptr;
}

std::string lacking_reason(const Tested& found, const std::string& ability, const ProcessFacts& process)
{
    std::string reason = "the volume lacks what this service needs: " + ability + " is " + text_of(found);
    if (!process.refused_calls.empty()) reason += "; a seccomp profile refuses " + join(process.refused_calls);
    return reason;
}

}  // namespace mailstate
