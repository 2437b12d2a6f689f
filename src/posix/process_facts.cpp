// SPDX-License-Identifier: MIT
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "mailstate/base/text.hpp"
#include "mailstate/posix/process.hpp"
#include "posix/calls.hpp"
#include "posix/container.hpp"
#include "posix/id_map.hpp"

namespace mailstate {
namespace {

constexpr const char* proc_hint = "Mount proc: mount -t proc proc /proc.";

// capget(2), because it needs no /proc; the C library has no wrapper.
Result<std::uint64_t> effective_capabilities()
{
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> sets{};
    if (::syscall(SYS_capget, &header, sets.data()) == -1) return fail(system_error("capget", "this process"));
    return std::uint64_t{sets[1].effective} << 32U | sets[0].effective;
}

Result<std::vector<IdRange>> id_map(const std::string& path)
{
    const auto text = read_system_file(path);
    if (text) return parse_id_map(*text);
    // A kernel without user namespaces has no such file below a /proc that is there.
    if (text.error().number == ENOENT && ::access("/proc/self", F_OK) == 0) return std::vector<IdRange>{};
    auto error = text.error();
    error.hint = proc_hint;
    return fail(std::move(error));
}

bool exists(const char* path)
{
    return ::access(path, F_OK) == 0;
}

std::string environment(const char* name)
{
    const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nothing sets it meanwhile
    return value == nullptr ? "" : value;
}

ContainerSigns container_signs()
{
    ContainerSigns signs;
    signs.kubernetes_service =
        !environment("KUBERNETES_SERVICE_HOST").empty() || exists("/run/secrets/kubernetes.io/serviceaccount");
    signs.dockerenv = exists("/.dockerenv");
    signs.containerenv = exists("/run/.containerenv");
    signs.variable = environment("container");
    if (signs.variable.empty())
        signs.variable = trim(read_system_file("/run/systemd/container").value_or(std::string()));
    signs.cgroup = read_system_file("/proc/self/cgroup").value_or(std::string());
    return signs;
}

}  // namespace

bool has_capability(const ProcessFacts& process, int capability)
{
    return capability >= 0 && capability < 64 &&
           (process.effective_capabilities >> static_cast<unsigned>(capability) & 1U) != 0;
}

Result<ProcessFacts> process_facts()
{
    ProcessFacts facts;
    facts.uid = Uid{::geteuid()};
    facts.effective_capabilities = TRY(effective_capabilities());
    facts.no_new_privs = ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
    facts.uid_map = TRY(id_map("/proc/self/uid_map"));
    facts.gid_map = TRY(id_map("/proc/self/gid_map"));
    facts.container = recognise_container(container_signs());
    return facts;
}

}  // namespace mailstate
