// SPDX-License-Identifier: MIT
// Findings on origins that are mounts, and on the copies of their data.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array adoption{
    FindingRow{"origin.mounted", Severity::warning,
               "Something is mounted at the origin, so the entry is left untouched: the service uses that mount.",
               "The compose file mounts a directory of its own at a managed path.", "{}",
               "mv: cannot remove …: Device or resource busy | rm: cannot remove …: Device or resource busy",
               "docker-mailserver #4082, #2489"},
    FindingRow{"origin.mounts-below", Severity::warning,
               "Something is mounted inside the origin, so the entry is left untouched.",
               "The compose file mounts a directory of its own below a managed path.", "{}",
               "mv: cannot remove …: Device or resource busy | rm: cannot remove …: Device or resource busy",
               "docker-mailserver #4082, #2489"},
    FindingRow{"origin.in-place", Severity::note, "The entry is a mount of its own, and is kept there.",
               "The compose file mounts a volume at the destination.", "", ""},
    FindingRow{"origin.adopted", Severity::note,
               "The origin is a mount whose data was already copied to the volume; the service still uses the mount.",
               "apply --adopt-mounts.",
               "To switch over: stop the services, run 'mailstate apply' once more with the mount, remove {}, then "
               "start. What is written after that apply is in the mount only.",
               ""},
    FindingRow{"origin.holds-volume", Severity::error,
               "The volume is inside the origin, so the entry is left untouched: the copy would be copied, too.",
               "The state directory is below a managed path.",
               "Keep the volume outside of {}: give it a disk or a directory of its own.", ""},
    FindingRow{"origin.in-volume", Severity::error,
               "The origin is inside the volume and is not the entry's destination, so the entry is left untouched.",
               "A part of the volume is mounted at a managed path.",
               "Keep the two apart: what belongs to this entry on the volume is {}.", ""},
    FindingRow{"adoption.copied", Severity::note,
               "The data of a mount was copied to the volume; the service still uses the mount.",
               "apply --adopt-mounts.",
               "To switch over: stop the services, run 'mailstate apply --adopt-mounts' once more, alone in a one-off "
               "container with the same mounts, remove {}, then start.",
               ""},
    FindingRow{"adoption.services-start", Severity::warning,
               "The services start after the copy was made: what they write is in the mount only.",
               "apply --adopt-mounts in the container's entrypoint.",
               "To switch over: stop the services, run 'mailstate apply --adopt-mounts' once more, alone in a one-off "
               "container with the same mounts, remove {}, then start.",
               ""},
    FindingRow{"adoption.displaced", Severity::note,
               "A refresh set aside what the older copy of a mount had and the mount has no more, or has otherwise.",
               "The service removed or rewrote files in the mount since the copy was made.",
               "Nothing needs to be done: of what refreshes set aside, the newest and the largest are kept.", ""},
    FindingRow{"adoption.empty-mount", Severity::error,
               "The mount whose data was copied to the volume is empty now; the copy is left as it is.",
               "A disk or a share was not mounted on the host, so an empty directory is mounted.",
               "Check that the disk of the mount is there. To continue with the copy, stop the services and remove "
               "{}, then start. If the mount is right as it is, stop the services and run 'mailstate apply "
               "--adopt-mounts' alone: what the copy has and the mount lacks is set aside.",
               ""},
    FindingRow{
        "adoption.shrunken-mount", Severity::error,
        "The mount whose data was copied to the volume has lost more than half of it; the copy is left as it is.",
        "Another directory is mounted, or files were removed.",
        "Check that the mount is complete. To go on with the copy, stop the services and remove {}, then start. If the "
        "mount is right as it is, stop the services and run 'mailstate apply --adopt-mounts' alone: what the copy has "
        "and the mount lacks is set aside.",
        ""},
    FindingRow{
        "adoption.another-mount", Severity::error,
        "Another mount is at the origin than the one whose data was copied to the volume; the copy is left as it is.",
        "The compose file names another directory or volume.",
        "Check that the right disk or volume is mounted. To go on with the copy, stop the services and remove {}, then "
        "start. To take the data of the mount instead, stop the services, move {} away and run 'mailstate apply "
        "--adopt-mounts' alone.",
        ""},
    FindingRow{
        "adoption.changed-copy", Severity::error,
        "The copy of a mount was changed on the volume, and the mount is used on: both have content of their own.",
        "The service ran from the copy, then from the mount again.",
        "To go on with the copy, stop the services and remove {}, then start. To take the data of the mount instead, "
        "stop the services, move {} away and run 'mailstate apply --adopt-mounts' alone.",
        ""},
};

}  // namespace mailstate::findings
