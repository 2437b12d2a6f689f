// SPDX-License-Identifier: MIT
#include "preflight/dms_rescue.hpp"

#include "mailstate/base/shell_word.hpp"
#include "preflight/compose_project.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

// "mail/mailserver" of a manifest is the workload and its container.
std::string kubectl_exec(const ComposeService& service, const char* pod = "POD")
{
    const std::size_t slash = service.name.rfind('/');
    const std::string container = slash == std::string::npos ? service.name : service.name.substr(slash + 1);
    return std::string("kubectl exec ") + pod + (container.empty() ? "" : " -c " + shell_word(container)) + " -- ";
}

}  // namespace

std::string compose_command(const Compose& compose)
{
    const std::string& file = compose.file;
    if (file.empty() || file == "-") return "docker compose";
    const std::string folder = parent_of(file);
    if (!is_found_by_itself(base_name(file))) return "docker compose -f " + shell_word(file);
    return folder == "." ? "docker compose" : "docker compose --project-directory " + shell_word(folder);
}

std::string save_of_layer(const Evidence& evidence, const ComposeService& service)
{
    const std::string afterwards = "then mount a volume at " + state_dir(evidence) +
                                   ", if there is none yet, and copy them onto it with 'mailstate apply --from-root' "
                                   "(scripts/docker-mailserver/README.md).";
    if (evidence.compose->is_manifest)
        return "Do not replace the pod yet: save its files as root (mkdir old; " + kubectl_exec(service) +
               "tar -c /etc /var/lib /var/spool | tar -x --numeric-owner -C old), " + afterwards;
    const std::string compose = compose_command(*evidence.compose), name = shell_word(service.name);
    return "Do not recreate the container yet: stop it and save its files as root (mkdir old; " + compose + " stop " +
           name + "; docker export $(" + compose + " ps -aq " + name + ") | tar -x --numeric-owner -C old), " +
           afterwards;
}

std::string save_of_mount(const Evidence& evidence, const ComposeService& service)
{
    const std::string state = state_dir(evidence), pack = "tar -c -C " + state + " . > state.tar",
                      unpack = "tar -x -p -C " + state + " < state.tar";
    if (evidence.compose->is_manifest)
        return "Do not delete or replace the pod yet. Copy the state out while it runs (" + kubectl_exec(service) +
               "supervisorctl stop all; " + kubectl_exec(service) + pack +
               "), and unpack it on a claim before the mail server starts with that: mount the claim at " + state +
               " in a pod of the new image whose command is sleep (" + kubectl_exec(service, "-i NEWPOD") + unpack +
               ").";
    const std::string compose = compose_command(*evidence.compose), name = shell_word(service.name);
    const std::string exec = compose + " exec -T " + name + " ";
    return "Do not stop or recreate the container yet. Copy the state out while it runs (" + exec +
           "supervisorctl stop all; " + exec + pack + "). Then mount a named volume at " + state +
           " and unpack the copy on it before the mail server starts (" + compose +
           " run --rm --no-deps -T --entrypoint tar " + name + unpack.substr(3) + ").";
}

}  // namespace mailstate::dms
