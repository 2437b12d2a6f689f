#!/bin/bash
# SPDX-License-Identifier: MIT
# What a start script does that moves state without looking, as docker-mailserver's did: written anew, as short as the
# loss allows. A destination that exists wins and the origin is removed; else the origin is moved; then comes the link.

function _setup_save_states() {
  local service
  [[ -d /var/mail-state ]] || return 0
  for service in lib/logrotate lib/postfix spool/postfix lib/dovecot lib/rspamd lib/redis; do
    local destination=/var/mail-state/${service//\//-}
    if [[ -d ${destination} ]]; then
      rm -rf "/var/${service}"
    else
      mv "/var/${service}" "${destination}"
    fi
    ln -s "${destination}" "/var/${service}"
  done
}

function _setup_adjust_state_permissions() {
  chown -R redis:redis /var/mail-state/lib-redis
}
