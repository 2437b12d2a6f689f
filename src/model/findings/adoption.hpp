// SPDX-License-Identifier: MIT
// Findings on origins that are mounts, and on the copies of their data.
#pragma once

#include <array>

#include "model/findings/row.hpp"

namespace mailstate::findings {

inline constexpr std::array adoption{
    FindingRow{"origin.mounted", Severity::warning,
               "Something is mounted at the origin, so the entry is left alone: the service uses that mount.",
               "The compose file mounts a separate directory at a managed path.", "{}",
               "mv: cannot remove …: Device or resource busy | rm: cannot remove …: Device or resource busy",
               "docker-mailserver #4082, #2489"},
    FindingRow{"origin.mounts-below", Severity::warning,
               "Something is mounted inside the origin, so the entry is left alone.",
               "The compose file mounts a separate directory below a managed path.", "{}",
               "mv: cannot remove …: Device or resource busy | rm: cannot remove …: Device or resource busy",
               "docker-mailserver #4082, #2489"},
    FindingRow{"origin.in-place", Severity::note, "The entry is on its own mount and stays there.",
               "The compose file mounts a volume at the destination.", "", ""},
    FindingRow{"origin.adopted", Severity::note,
               "The origin is a mount whose data was already copied to the volume; the service still uses the mount.",
               "apply --adopt-mounts.",
               "To switch to the volume, stop the services, run 'mailstate apply' once more with the mount, remove {}, "
               "then start the services. Data written after that apply is only in the mount.",
               ""},
    FindingRow{"origin.holds-volume", Severity::error,
               "The volume is inside the origin, so the entry is left alone: otherwise the copy would include itself.",
               "The state directory is below a managed path.",
               "Keep the volume outside {}: give it its own disk or directory.", ""},
    FindingRow{"origin.in-volume", Severity::error,
               "The origin is inside the volume and is not the entry's destination, so the entry is left alone.",
               "A part of the volume is mounted at a managed path.",
               "Keep the two apart: this entry's place on the volume is {}.", ""},
    FindingRow{"adoption.copied", Severity::note,
               "The data of a mount was copied to the volume; the service still uses the mount.",
               "apply --adopt-mounts.",
               "To switch to the volume, stop the services, run 'mailstate apply --adopt-mounts' once more, alone in a "
               "one-off container with the same mounts, remove {}, then start the services.",
               ""},
    FindingRow{"adoption.services-start", Severity::warning,
               "The services start after the copy was created, so they write to the mount only, not to the copy.",
               "apply --adopt-mounts in the container's entrypoint.",
               "To switch to the volume, stop the services, run 'mailstate apply --adopt-mounts' once more, alone in a "
               "one-off container with the same mounts, remove {}, then start the services.",
               ""},
    FindingRow{
        "adoption.displaced", Severity::note,
        "A refresh set aside the files of the older copy that the mount no longer has, or has with different content.",
        "The service has removed or rewritten files in the mount since the copy was created.",
        "No action is needed: of the items that refreshes set aside, mailstate keeps the newest and the largest.", ""},
    FindingRow{"adoption.empty-mount", Severity::error,
               "The mount whose data was copied to the volume is now empty; the copy stays unchanged.",
               "A disk or a share was not mounted on the host, so an empty directory is mounted.",
               "Check that the mount's disk is present. To continue with the copy, stop the services, remove {}, then "
               "start the services. If the mount is correct as it is, stop the services and run 'mailstate apply "
               "--adopt-mounts' alone: it sets aside the content that only the copy has.",
               ""},
    FindingRow{"adoption.shrunken-mount", Severity::error,
               "The mount whose data was copied to the volume has lost more than half of its content; the copy stays "
               "unchanged.",
               "Another directory is mounted, or files were removed.",
               "Check that the mount is complete. To continue with the copy, stop the services, remove {}, then start "
               "the services. If the mount is correct as it is, stop the services and run 'mailstate apply "
               "--adopt-mounts' alone: it sets aside the content that only the copy has.",
               ""},
    FindingRow{"adoption.another-mount", Severity::error,
               "The mount at the origin is not the one whose data was copied to the volume; the copy stays unchanged.",
               "The compose file names another directory or volume.",
               "Check that the right disk or volume is mounted. To continue with the copy, stop the services, remove "
               "{}, then start the services. To use the data of the mount instead, stop the services, move {} away and "
               "run 'mailstate apply --adopt-mounts' alone.",
               ""},
    FindingRow{"adoption.changed-copy", Severity::error,
               "The copy on the volume was changed, and the service still uses the mount: each has content that the "
               "other lacks.",
               "The service ran from the copy, then from the mount again.",
               "To continue with the copy, stop the services, remove {}, then start the services. To use the data of "
               "the mount instead, stop the services, move {} away and run 'mailstate apply --adopt-mounts' alone.",
               ""},
};

}  // namespace mailstate::findings
