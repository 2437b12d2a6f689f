// SPDX-License-Identifier: MIT
// How state is brought onto a volume before the container that has it is gone: the commands, for the file that is
// judged.
#pragma once

#include <string>

#include "preflight/evidence.hpp"

namespace mailstate::dms {

// "docker compose", with what makes it find the file that was judged.
std::string compose_command(const Compose& compose);

// State in the container's own layer: it outlives a stop, and ends when the container is recreated.
std::string save_of_layer(const Evidence& evidence, const ComposeService& service);

// State on a mount that another container would not get: memory, emptyDir, a volume without a name. Memory ends with a
// stop, and what is mounted is in no export, so it is copied out of the running container. tar stores owners by name,
// and the new image's own tar gives them to the numbers that it has for them.
std::string save_of_mount(const Evidence& evidence, const ComposeService& service);

}  // namespace mailstate::dms
