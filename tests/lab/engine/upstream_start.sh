#!/bin/bash
# SPDX-License-Identifier: MIT
# How docker-mailserver's start comes to mail_state.sh: the variables are the shell's own, not exported; the file is
# sourced; nobody looks at what its functions return. RELEASE says which start it is.

function _log() { echo "[ ${1} ] ${2}"; }
function _shutdown() {
  _log 'error' "${1}"
  exit 1
}

for NAME in ENABLE_{AMAVIS,CLAMAV,FAIL2BAN,FETCHMAIL,GETMAIL,MTA_STS,POSTGREY,SPAMASSASSIN,SRS} SMTP_ONLY; do
  declare "${NAME}=${!NAME:-0}"
  declare +x "${NAME?}"
done
ENABLE_RSPAMD=1
ENABLE_RSPAMD_REDIS=${ENABLE_RSPAMD}
declare +x ENABLE_RSPAMD

source /usr/local/bin/setup.d/mail_state.sh
if [[ ! -f /CONTAINER_START ]]; then
  touch /CONTAINER_START
  [[ ${ENABLE_SRS} -ne 1 ]] || (umask 077 && head -c 24 /dev/urandom | base64 >/etc/postsrsd.secret)
  _setup_save_states
  [[ ${RELEASE} != v1[5-9]* ]] || _setup_adjust_state_permissions
elif [[ ${RELEASE} == v1[5-9]* ]]; then
  _setup_adjust_state_permissions
else
  _setup_save_states
fi
exec "$@"
