#!/bin/bash
# SPDX-License-Identifier: MIT
# mailstate-drop-in
# For docker-mailserver v12 to v16, mounted over /usr/local/bin/setup.d/mail_state.sh: defines the two functions that
# the start calls there, with calls of mailstate. Their own mv, rm -rf and chown -R no longer run.
#
# The container's start sources this file. ENABLE_* have their defaults in shell variables by then, which mailstate
# would not see, so they are passed on. MAILSTATE_* of the container's environment are options as always:
# MAILSTATE_KEEP_GOING=1 lets the mail server start after the exit codes 3, 4, 5 and 75, too; others stop it.

# Moves, links, and sets owners: on the first start of a container.
function _setup_save_states() {
  _mailstate_apply
}

# Owners only, says upstream: v15 calls it after the other, where all is done already, and from v15.0.1 alone when a
# container is restarted. Then there is nothing to move, and what an interrupted start has left is finished.
function _setup_adjust_state_permissions() {
  [[ ${_MAILSTATE_DONE:-} == yes ]] || _mailstate_apply
}

# ONE_DIR=0 switches the state directory off in v12 and v13. Later releases, which have DMS_RELEASE, ignore it.
function _mailstate_is_switched_off() {
  [[ ${ONE_DIR:-1} -ne 1 ]] || return 1
  [[ -z ${DMS_RELEASE:-} || ${DMS_RELEASE} =~ ^v?1[23]([^0-9]|$) ]] && return 0
  _log 'warn' "ONE_DIR=${ONE_DIR} has no effect in ${DMS_RELEASE}: the state is kept on the volume"
  return 1
}

function _mailstate_apply() {
  local NAME STATUS=0
  local -a SETTINGS=()

  if _mailstate_is_switched_off; then
    _log 'debug' 'Not consolidating state (because it has been disabled)'
    return 0
  fi

  for NAME in ENABLE_{AMAVIS,CLAMAV,FAIL2BAN,FETCHMAIL,GETMAIL,MTA_STS,POSTGREY,RSPAMD,RSPAMD_REDIS,SPAMASSASSIN,SRS} \
    SMTP_ONLY LOG_LEVEL; do
    [[ -n ${!NAME:-} ]] && SETTINGS+=("${NAME}=${!NAME}")
  done

  # With a command to start, mailstate itself decides by its exit code and --keep-going whether that may happen.
  env "${SETTINGS[@]}" "${MAILSTATE_PROGRAM:-/usr/local/bin/mailstate}" apply --layout docker-mailserver -- true ||
    STATUS=$?
  _MAILSTATE_DONE=yes
  [[ ${STATUS} -eq 0 ]] && return 0

  _log 'error' "mailstate ended with ${STATUS}, see above: the mail server does not start with incomplete state"
  _shutdown 'The state of the services is not in place'
}
