// SPDX-License-Identifier: MIT
#include "engine/logger.hpp"

#include <spdlog/spdlog.h>

namespace mailstate {

void log_error(const std::string& line)
{
    spdlog::error("{}", line);
}

void log_warn(const std::string& line)
{
    spdlog::warn("{}", line);
}

void log_info(const std::string& line)
{
    spdlog::info("{}", line);
}

void log_debug(const std::string& line)
{
    spdlog::debug("{}", line);
}

void end_log()
{
    spdlog::shutdown();
}

}  // namespace mailstate
