# SPDX-License-Identifier: MIT
"""A checkout of mailcow as far as its containers for Postfix and Dovecot see it: the files of scripts/mailcow are put in
place by the commands of the README, and containers start on it as mailcow's do."""

import os
import re
import shutil
import subprocess
import time

import certificates
import images
from compose import Service
from mail_project import HOST, Project
from support import program
from support.content import write

SMTPD, TLSPROXY = "-starttls smtp -connect 127.0.0.1:25", "-starttls smtp -connect 127.0.0.1:2525"
IMAPS = "-connect 127.0.0.1:993"
# Each connection starts a process of those that serve certificates. With max_use in main.cf, which holds for postlogd and
# tlsmgr as well, a Postfix 3.10 on a busy machine has answered nobody for minutes.
ONE_CONNECTION = "postconf -c /opt/postfix/conf -P smtp/inet/max_use=1 tlsproxy/unix/max_use=1"
EXTRA = "data/conf/postfix/extra.cf"
MAP = "texthash:/opt/postfix/conf/mailstate-sni.map"
DOVECOT_CONF = """protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = </etc/ssl/mail/cert.pem
ssl_key = </etc/ssl/mail/key.pem
log_path = /dev/stderr
passdb {
  driver = passwd-file
  args = /etc/dovecot/users
}
!include_try /etc/dovecot/sni.conf
"""
# What mailcow's own .gitignore has of the places that are written here, and no more.
IGNORED = ["data/assets/ssl/*", "data/conf/postfix/extra.cf", "data/conf/postfix/sni.map",
           "data/conf/postfix/sni.map.db", "data/conf/dovecot/sni.conf", "mailcow.conf"]


def readme_commands(number):
    """The lines of the shell block of that number in scripts/mailcow/README.md."""
    with open(f"{images.TOP}/scripts/mailcow/README.md", encoding="utf-8") as file:
        part = file.read()
    return re.findall(r"```sh\n(.*?)```", part, re.DOTALL)[number]


class MailcowProject(Project):
    image = "mailcow"

    def setUp(self):
        super().setUp()
        self.copy_conf(f"{self.project}/data/conf/postfix")
        for directory in ("hooks/postfix", "hooks/dovecot", "conf/dovecot", "assets/ssl"):
            os.makedirs(f"{self.project}/data/{directory}")
        self.write(EXTRA, "")
        self.write("mailcow.conf", f"MAILCOW_HOSTNAME={HOST}\nREDISPASS=x\n")
        self.write("data/conf/dovecot/dovecot.conf", DOVECOT_CONF)
        self.write("data/conf/dovecot/users", "")
        self.write(".gitignore", "\n".join(IGNORED) + "\n")
        self.ssl = f"{self.project}/data/assets/ssl"
        self.git("init", "--quiet")
        self.git("add", "-A")
        self.git("-c", "user.name=moo", "-c", "user.email=moo@cow.moo", "commit", "--quiet", "-m", "as cloned")

    def copy_conf(self, path):
        """main.cf and master.cf as the image has them."""
        conf = f"{self.engine.top}/{self.image}.conf"
        if not os.path.exists(conf):
            container = self.engine.docker("create", self.image)
            self.engine.docker("cp", f"{container}:/made/conf", conf)
            self.engine.docker("rm", container)
        shutil.copytree(conf, path)

    def write(self, name, text, mode=0o644):
        write(f"{self.project}/{name}", text, mode=mode)

    def read(self, name):
        with open(f"{self.project}/{name}", encoding="utf-8") as file:
            return file.read()

    def git(self, *arguments):
        return subprocess.run(["git", *arguments], cwd=self.project, check=True, capture_output=True, text=True).stdout

    def run_readme(self, number, until=None):
        """As written, but for the program, which is here, and the engine, which has no compose."""
        commands = readme_commands(number).replace("/opt/mailcow-dockerized", self.project)
        commands = commands[:commands.index(until)] if until else commands
        commands = re.sub(r"^docker .*$", "", commands, flags=re.MULTILINE)
        subprocess.run(["sh", "-euc", commands], cwd=images.TOP, check=True)

    def install(self, extra=f"tls_server_sni_maps = {MAP}\n"):
        """Owners and modes before and after mailstate.sh come into files beside it."""
        self.put_program("data/mailstate/mailstate")
        self.run_readme(0)
        self.assertTrue(self.read(EXTRA).endswith(extra))
        for name in ("before", "seen"):  # before and after mailstate.sh by their names
            self.write(f"data/hooks/postfix/{name}.sh",
                       f"#!/bin/bash\nfind /var/spool/postfix -printf '%P %u:%g %m\\n' >/hooks/{name}\n", mode=0o755)

    def override(self, service, hostname=HOST):
        file = f"{self.project}/docker-compose.override.yml"
        return Service(file, service, {"MAILCOW_HOSTNAME": hostname}).run_options() if os.path.exists(file) else []

    def boot(self, *options, image="", spool="rw", conf="rw", hostname=HOST):
        """With the mounts and the environment of mailcow's compose file."""
        data = f"{self.project}/data"
        mounts = [f"{data}/hooks/postfix:/hooks", f"{data}/conf/postfix:/opt/postfix/conf:{conf}",
                  f"{data}/assets/ssl:/etc/ssl/mail:ro", f"{self.volume}-postfix:/var/spool/postfix:{spool}",
                  f"{self.volume}-crypt:/var/lib/zeyple", f"{self.volume}-rspamd:/var/lib/rspamd",
                  f"{self.volume}-homes:/home"]
        stock = [word for mount in mounts for word in ("--volume", mount)]
        return self.start(image or self.image, *stock, *self.override("postfix-mailcow", hostname), "--env", "TZ=Etc/UTC", *options,
                          volume="")

    def boot_own(self):
        """As it is without mailstate, beside: the certificates are the same, configuration and queue its own."""
        self.copy_conf(f"{self.project}/own")
        self.write("own/extra.cf", "")
        return self.start(self.image, "--volume", f"{self.project}/own:/opt/postfix/conf", "--volume",
                          f"{self.ssl}:/etc/ssl/mail:ro", "--volume", f"{self.volume}-own:/var/spool/postfix", volume="")

    def boot_dovecot(self, *options, image="mailcow-dovecot"):
        data = f"{self.project}/data"
        mounts = [f"{data}/hooks/dovecot:/hooks", f"{data}/conf/dovecot:/etc/dovecot",
                  f"{data}/assets/ssl:/etc/ssl/mail:ro", f"{self.volume}-vmail:/var/vmail"]
        stock = [word for mount in mounts for word in ("--volume", mount)]
        name = self.start(image, *stock, *self.override("dovecot-mailcow"), *options, volume="")
        self.wait_for("Dovecot", lambda: "starting up" in self.log(name), name)
        return name

    def seen(self, by="seen"):
        """Owner and mode of what is in the spool when the hooks are through and Postfix has not begun."""
        lines = self.read(f"data/hooks/postfix/{by}").splitlines()
        return {line.split(" ")[0]: line.split(" ")[1:] for line in lines}

    def subjects(self, name, *names, connect=SMTPD):
        return certificates.subjects(self.run_in(name, "sh", "-c", certificates.script(names, connect)).stdout)

    def subject(self, name, server_name):
        return self.subjects(name, server_name)[server_name]

    def assert_certificates(self, name, column, editions=(), seconds=0, **options):
        """Of each name; after a reload, which is not waited for, within some seconds."""
        wanted, deadline = certificates.expected(column, editions), time.monotonic() + seconds
        while (found := self.subjects(name, *wanted, **options)) != wanted and time.monotonic() < deadline:
            time.sleep(0.2)
        self.assertEqual(found, wanted)

    def hook_lines(self, log, start=1):
        """Its answers at that start, and what it says on stderr at all of them."""
        answers = log.split("hook: /hooks/mailstate.sh\n")[start].split("hook: ")[0].split("Postfix is started")[0]
        return answers.splitlines() + [line for line in log.splitlines() if line.startswith(("mailstate", "/hooks/"))]

    def check(self, code):
        """The findings of that code, by the host's view of the checkout."""
        done = program.run(["check", "--system", "mailcow", "--config-dir", f"{self.project}/data/conf",
                            "--output", "json"])
        return done.findings(code)
