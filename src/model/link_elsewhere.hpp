// SPDX-License-Identifier: MIT
#pragma once

#include "mailstate/model/survey.hpp"

namespace mailstate {

// The origin is a link to another place, such as systemd's /var/lib/private, where the service's data is.
Finding link_elsewhere(const Entry& entry, const EntrySurvey& seen);

}  // namespace mailstate
