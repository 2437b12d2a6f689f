// SPDX-License-Identifier: MIT
#include "app/output/state_names.hpp"

#include <linux/capability.h>

#include <array>
#include <utility>

namespace mailstate {

namespace {

constexpr std::array<std::pair<int, std::string_view>, 8> useful_capabilities{{
    {CAP_CHOWN, "chown"},
    {CAP_DAC_OVERRIDE, "dac_override"},
    {CAP_FOWNER, "fowner"},
    {CAP_FSETID, "fsetid"},
    {CAP_MKNOD, "mknod"},
    {CAP_SETFCAP, "setfcap"},
    {CAP_SYS_ADMIN, "sys_admin"},
    {CAP_SYS_PTRACE, "sys_ptrace"},
}};

enum class Held : bool { no, yes };

std::vector<std::string> capabilities(const ProcessFacts& process, Held held)
{
    std::vector<std::string> names;
    for (const auto& [number, name] : useful_capabilities)
        if (has_capability(process, number) == (held == Held::yes)) names.emplace_back(name);
    return names;
}

}  // namespace

std::string_view name_of(OriginState state)
{
    switch (state) {
        case OriginState::absent:
            return "absent";
        case OriginState::directory:
            return "directory";
        case OriginState::file:
            return "file";
        case OriginState::link_home:
            return "link-home";
        case OriginState::link_elsewhere:
            return "link-elsewhere";
        case OriginState::mount_point:
            return "mount-point";
        case OriginState::mounts_below:
            return "mounts-below";
        case OriginState::same_as_destination:
            return "same-as-destination";
        case OriginState::holds_volume:
            return "holds-volume";
        case OriginState::in_volume:
            return "in-volume";
        case OriginState::other:
            return "other";
        case OriginState::parent_missing:
            return "parent-missing";
        case OriginState::unreadable:
            return "unreadable";
    }
    return "unreadable";
}

std::string_view name_of(DestinationState state)
{
    switch (state) {
        case DestinationState::absent:
            return "absent";
        case DestinationState::empty:
            return "empty";
        case DestinationState::populated:
            return "populated";
        case DestinationState::link:
            return "link";
        case DestinationState::other:
            return "other";
        case DestinationState::unreadable:
            return "unreadable";
    }
    return "unreadable";
}

std::string_view name_of(VolumeState state)
{
    switch (state) {
        case VolumeState::absent:
            return "absent";
        case VolumeState::present:
            return "present";
        case VolumeState::not_a_directory:
            return "not-a-directory";
    }
    return "absent";
}

std::vector<std::string> capabilities_of(const ProcessFacts& process)
{
    return capabilities(process, Held::yes);
}

std::vector<std::string> missing_capabilities_of(const ProcessFacts& process)
{
    return capabilities(process, Held::no);
}

}  // namespace mailstate
