// SPDX-License-Identifier: MIT
// What the rules of docker-mailserver look for; docker_mailserver.cpp has the table.
#pragma once

#include "preflight/rule.hpp"

namespace mailstate::dms {

std::span<const Rule> settings_rules();  // docker_mailserver_settings.cpp: the rows on variables and files
std::span<const Rule> mail_rules();      // docker_mailserver_mail.cpp: the rows on relays, aliases and forwards

// dms_state.cpp: mounts and the state volume
bool is_one_dir_off(const Evidence& evidence);  // ONE_DIR is set to something else than 1
Sightings one_dir_removed(const Evidence& evidence);
Sightings direct_mount(const Evidence& evidence);
Sightings state_on_network(const Evidence& evidence);
Sightings state_traversal(const Evidence& evidence);
Sightings shared_volume(const Evidence& evidence);
Sightings free_space(const Evidence& evidence);
Sightings id_drift(const Evidence& evidence);

// dms_leftovers.cpp: what earlier versions and interrupted moves left
Sightings partial_destination(const Evidence& evidence);
Sightings nested_link(const Evidence& evidence);
Sightings orphan(const Evidence& evidence);
Sightings socket_path(const Evidence& evidence);
Sightings stale_runtime(const Evidence& evidence);
Sightings chroot_remains(const Evidence& evidence);
bool is_getmail_state(std::string_view name);  // of a file beside the getmailrc files
Sightings getmail_state(const Evidence& evidence);
Sightings getmail_config(const Evidence& evidence);

// dms_volume.cpp: what does not outlive the container, and options of network filesystems
Sightings state_not_mounted(const Evidence& evidence);
Sightings network_options(const Evidence& evidence);
Sightings fs_group(const Evidence& evidence);

// dms_image.cpp
Sightings image_moved(const Evidence& evidence);

// dms_dovecot.cpp
Sightings dovecot_24(const Evidence& evidence);
Sightings protocols_d(const Evidence& evidence);
Sightings sieve_home(const Evidence& evidence);

// dms_postfix.cpp: overrides, and variables that are read in another way
Sightings relay_restrictions(const Evidence& evidence);
Sightings opendmarc_hold(const Evidence& evidence);
Sightings sender_restrictions(const Evidence& evidence);
Sightings postfix_renamed(const Evidence& evidence);
Sightings spam_subject_default(const Evidence& evidence);
Sightings supervisor_mount(const Evidence& evidence);
Sightings ldap_16(const Evidence& evidence);
Sightings srs_secret(const Evidence& evidence);

// dms_rights.cpp: special bits, capabilities, no_new_privs
Sightings sgid_lost(const Evidence& evidence);

// dms_removed.cpp: variables that later releases do not read, or read with another default
Sightings env_removed(const Evidence& evidence);
Sightings saslauthd_default(const Evidence& evidence);

// dms_environment.cpp
Sightings env_syntax(const Evidence& evidence);
Sightings ldap_scheme(const Evidence& evidence);

// dms_config.cpp: files of the configuration folder
Sightings rspamd_modules(const Evidence& evidence);
Sightings cf_lines(const Evidence& evidence);
Sightings sasl_socket(const Evidence& evidence);
Sightings smtps_name(const Evidence& evidence);
Sightings solr(const Evidence& evidence);
Sightings quota_field(const Evidence& evidence);

// dms_relay.cpp
Sightings relay_map_ignored(const Evidence& evidence);
Sightings relay_map_activates(const Evidence& evidence);
Sightings relay_host_blank(const Evidence& evidence);
Sightings relay_no_credentials(const Evidence& evidence);
Sightings relay_unused_credentials(const Evidence& evidence);
Sightings relay_credentials_moved(const Evidence& evidence);
Sightings relay_opt_out_no_effect(const Evidence& evidence);
Sightings relay_465(const Evidence& evidence);
Sightings relay_all_tls(const Evidence& evidence);
Sightings relay_ldap(const Evidence& evidence);

// dms_mail.cpp: accounts and aliases
Sightings alias_shadows_account(const Evidence& evidence);
Sightings alias_keeps_copy(const Evidence& evidence);
Sightings alias_quota_twin(const Evidence& evidence);
Sightings alias_loop(const Evidence& evidence);
Sightings catch_all_captures(const Evidence& evidence);
Sightings prefix_clash(const Evidence& evidence);
Sightings alias_bare_target(const Evidence& evidence);
Sightings quota_alias_1600(const Evidence& evidence);

// dms_forward.cpp: mail that leaves again, and the keys that seal it
Sightings forward_no_srs(const Evidence& evidence);
Sightings forward_no_arc(const Evidence& evidence);
Sightings arc_key(const Evidence& evidence);
Sightings arc_authenticated(const Evidence& evidence);

}  // namespace mailstate::dms
