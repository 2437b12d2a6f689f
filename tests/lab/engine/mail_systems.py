# SPDX-License-Identifier: MIT
"""Images that are to the files of scripts/mailcow and scripts/mailu what the containers of these projects are: start,
users, directories. Beside each is an older one, in which the users have other numbers."""

import os
import subprocess

import images
from support import namespace

HERE = images.HERE
CONFIGURE = f"{images.TOP}/scripts/demo-image/configure"

# Debian's packages without the users and the state of services that the container does not have. mailcow's postscreen
# answers suspects of port 25 itself, with TLS by tlsproxy(8); here it does so for all of port 2525.
MAILCOW = """FROM {image}
COPY configure mailcow_entrypoint.sh mailcow_postfix.sh mailcow_supervisord.sh /made/
RUN set -e; {configure}; \
    postconf -e 'alternate_config_directories = /opt/postfix/conf' 'maillog_file ='; \
    mkdir -p /made/conf /opt/postfix /hooks /etc/ssl/mail; cp /etc/postfix/main.cf /etc/postfix/master.cf /made/conf; \
    postconf -c /made/conf -e 'maillog_file = /dev/stdout' 'smtpd_tls_security_level = may' \
        'smtpd_tls_chain_files = /etc/ssl/mail/key.pem, /etc/ssl/mail/cert.pem' \
        'tls_server_sni_maps = hash:/opt/postfix/conf/sni.map'; \
    postconf -c /made/conf -Me '2525/inet = 2525 inet n - n - 1 postscreen -o postscreen_access_list= \
        -o postscreen_bare_newline_enable=yes -o postscreen_greet_wait=1s' \
        'smtpd/pass = smtpd pass - - n - - smtpd' 'tlsproxy/unix = tlsproxy unix - - n - 0 tlsproxy'; \
    echo '# Overrides' >>/made/conf/main.cf; \
    mv /made/mailcow_entrypoint.sh /docker-entrypoint.sh; mv /made/mailcow_postfix.sh /opt/postfix.sh; \
    mv /made/mailcow_supervisord.sh /usr/bin/supervisord
ENTRYPOINT ["/docker-entrypoint.sh"]
CMD ["/usr/bin/supervisord"]
"""

MAILCOW_FILES = {CONFIGURE: "configure", f"{HERE}/mailcow_entrypoint.sh": "mailcow_entrypoint.sh",
                 f"{HERE}/mailcow_postfix.sh": "mailcow_postfix.sh",
                 f"{HERE}/mailcow_supervisord.sh": "mailcow_supervisord.sh"}
POSTFIX_OF_MANY = ("sh /made/configure; userdel _rspamd; userdel redis; userdel dovecot; "
                   "rm -rf /var/lib/rspamd /var/lib/redis /var/lib/dovecot")
POSTFIX_ALONE = "sed '/redis/,$d' /made/configure | sh -e"  # its first lines are for Postfix

# Debian's releases that mailcow's Postfix container is or was of, besides the one of all other tests: its Postfix. Of
# the later one Dovecot 2.4, too, which mailcow prepares (its branch feat/dovecot-2.4).
RELEASES = {"bullseye": "3.5", "trixie": "3.10"}
PACKAGES = {"bullseye": ["postfix", "openssl"], "trixie": ["postfix", "openssl", "dovecot-imapd"]}
TAR_OF = "MAILSTATE_TEST_TAR_OF_"

MAILCOW_DOVECOT = """FROM {image}
COPY mailcow_entrypoint.sh /docker-entrypoint.sh
COPY mailcow_supervisord.sh /usr/bin/supervisord
ENTRYPOINT ["/docker-entrypoint.sh"]
CMD ["/usr/bin/supervisord"]
"""

# Theirs is CMD /start.py, whose shell keeps the SIGTERM of a stop for itself.
MAILU = """FROM debian:bookworm-slim
COPY configure mailu_start.sh /made/
RUN set -e; sh /made/configure; \
    useradd --system --uid 1001 --home-dir /app --create-home mailu; \
    usermod --login rspamd _rspamd; groupmod --new-name rspamd _rspamd; \
    postconf -e 'queue_directory = /queue'; \
    rm -rf /var/spool/postfix /var/lib/rspamd /var/lib/redis /var/lib/dovecot; \
    mv /made/mailu_start.sh /start.py; mkdir /conf; echo 2024.06 >/version
ENV TZ=Etc/UTC SERVICE=smtp
WORKDIR /app
CMD ["/bin/sh", "-c", "exec /start.py"]
"""
# What the Dockerfiles of core/ ask; they have curl. The container admin has no /conf.
ASKS = "HEALTHCHECK --interval=1s CMD "
ASKS_HTTP = ASKS + """bash -c 'exec 3<>/dev/tcp/127.0.0.1/{} && echo GET / >&3 && grep -q "^HTTP/1.* 20" <&3'\n"""
MAILU_MORE = {"smtp": ASKS + "! /usr/lib/postfix/sbin/master -t\n",
              "imap": "RUN mkdir /var/lib/dovecot\n" + ASKS + "kill -0 `cat /run/dovecot/master.pid`\n",
              "antispam": ASKS_HTTP.format(11334),
              "front": ASKS_HTTP.format(10204)[:-1] + " && kill -0 `cat /run/dovecot/master.pid`\n",
              "admin": "RUN rmdir /conf && touch /audit.py\n" + ASKS_HTTP.format(8080)}

OLDER_MAILCOW = {"passwd": {"postfix": 902}, "group": {"postfix": 914, "postdrop": 912}}
OLDER_MAILU = {"passwd": {"postfix": 902, "rspamd": 903, "mail": 908, "mailu": 905},
               "group": {"postfix": 914, "postdrop": 912, "rspamd": 913, "mail": 918, "mailu": 915}}

# What each container of Mailu mounts, and its user besides those of all.
MAILU_SERVICES = {"smtp": (["/queue"], "postfix"), "antispam": (["/var/lib/rspamd"], "rspamd"),
                  "imap": (["/mail"], None), "admin": (["/data", "/dkim"], None)}
MAILU_PLACES = ["/queue", "/var/lib/rspamd", "/mail", "/data", "/dkim", "/certs", "/var/mail-state"]


def build_service(engine, service, own=None):
    others = [user for _, user in MAILU_SERVICES.values() if user not in (None, own)]
    gone = "; ".join(f"userdel {user}" for user in others)
    gone += "" if service == "smtp" else "; groupdel postdrop; rm /usr/sbin/postdrop /usr/sbin/postqueue"
    more = MAILU_MORE.get(service, "")
    images.build(engine, f"mailu-{service}", f"FROM mailu\nRUN {gone}\nENV SERVICE={service}\n{more}")


def fetch_releases():
    """Their tars, while there is a network. Those inside the namespaces find the paths in the environment; empty where
    the package mirror does not have the release."""
    for release in RELEASES if namespace.SCRATCH not in os.environ else ():
        recipe = [f"{HERE}/../releaseroot", release, *PACKAGES[release]]
        os.environ[TAR_OF + release] = subprocess.run(recipe, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def build_release(engine, release):
    """Whether there is such a release."""
    tar, image = os.environ.get(TAR_OF + release), f"mailcow-{release}"
    if tar and engine.try_docker("image", "inspect", image).returncode != 0:
        engine.docker("import", tar, release)
        images.build(engine, image, MAILCOW.format(image=release, configure=POSTFIX_ALONE), MAILCOW_FILES)
        images.build(engine, f"mailcow-dovecot-{release}", MAILCOW_DOVECOT.format(image=release), MAILCOW_FILES)
    return bool(tar)


def build_mailcow(engine):
    images.build_base(engine)
    mailcow = MAILCOW.format(image="debian:bookworm-slim", configure=POSTFIX_OF_MANY)
    images.build(engine, "mailcow", mailcow, MAILCOW_FILES)


def build_all(engine):
    build_mailcow(engine)
    images.build(engine, "mailcow-dovecot", MAILCOW_DOVECOT.format(image="debian:bookworm-slim"), MAILCOW_FILES)
    images.build(engine, "mailcow-older", images.renumbered("mailcow", OLDER_MAILCOW))
    images.build(engine, "mailu", MAILU, {CONFIGURE: "configure", f"{HERE}/mailu_start.sh": "mailu_start.sh"})
    images.build(engine, "mailu-older", images.renumbered("mailu", OLDER_MAILU))
    for service, (_, own) in MAILU_SERVICES.items():
        build_service(engine, service, own)
    build_service(engine, "front")  # which has no state
