// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace mailstate {

std::string host_name();  // of this machine or container; empty where the kernel does not tell

}  // namespace mailstate
