#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The files of scripts/mailcow and scripts/mailu, as an operator puts them in place, in containers that start as those
of mailcow and Mailu do, on volumes that an older image has used, whose users had other numbers."""

import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../.."), HERE]
import images
import lab_case
import mail_systems
from compose import Service
from lab_case import LabCase
from support import program
from support.content import write

SCRIPTS = f"{images.TOP}/scripts"
HOST, OTHER = "mail.example.test", "imap.example.test"
STRANGER = (4711, 4711)
PUT_RIGHT = r"owner or mode of \d+ files? corrected"
CHANGED = PUT_RIGHT + r"|set /usr/sbin"


def make_certificate(directory, name):
    os.makedirs(directory, exist_ok=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", f"{directory}/key.pem", "-out", f"{directory}/cert.pem", "-days", "9",
                    "-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"], check=True, capture_output=True)


def write_strangers(directory):
    """A file of somebody else in a directory of his."""
    os.makedirs(directory, exist_ok=True)
    write(f"{directory}/file", "somebody else's", STRANGER)
    os.chown(directory, *STRANGER)


class Project(LabCase):
    """A directory with a compose file, here: with what stands beside it."""
    build_images = staticmethod(mail_systems.build_all)

    def setUp(self):
        super().setUp()
        self.project = f"{self.engine.top}/{self.volume}"
        os.mkdir(self.project)

    def put(self, source, inside):
        os.makedirs(os.path.dirname(f"{self.project}/{inside}"), exist_ok=True)
        return shutil.copy(source, f"{self.project}/{inside}")

    def put_program(self, inside):
        """As `docker build --output . .` writes it."""
        subprocess.run(["strip", "-o", self.put(program.binary(), inside), program.binary()], check=True)

    def make_volume(self, name):
        """Its path."""
        self.engine.docker("volume", "create", f"{self.volume}-{name}")
        return self.volume_path(f"{self.volume}-{name}")

    def is_strangers(self, directory):
        return all((seen.st_uid, seen.st_gid) == STRANGER for seen in map(os.lstat, (directory, f"{directory}/file")))

    def wait_for_postfix(self, name, starts=1):
        self.wait_for("Postfix", lambda: self.log(name).count("daemon started") == starts, name)

    def send(self, name, subject):
        """As alice: only postdrop's SGID bit gets her mail into the queue."""
        self.said_in(name, "sh", "-c", f"printf 'Subject: {subject}\n\ntext\n' | sendmail alice@{HOST}", user="alice")

    def wait_for_delivery(self, name, subject):
        found = ("grep", "-rlx", f"Subject: {subject}", "/home/alice/Maildir/new")
        self.wait_for(subject, lambda: self.run_in(name, *found).returncode == 0, name)

    def leave_mail(self, name):
        """One that is delivered, and one that is held."""
        self.send(name, "first")
        self.wait_for_delivery(name, "first")
        self.send(name, "keep this")
        held = lambda: '"queue_name": "hold"' in self.run_in(name, "postqueue", "-j").stdout
        self.wait_for("a held mail", held, name)

    def assert_content(self, name, *layout):
        """Neither Postfix nor mailstate has something to say of the queue in use."""
        done = self.run_in(name, "postfix", "check")
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        verified = self.run_in(name, "mailstate", "verify", *layout)
        self.assertEqual(verified.returncode, 0, verified.stdout)

    def get_mail(self, name):
        self.said_in(name, "sh", "-c", "postsuper -H ALL && postqueue -f")
        self.wait_for_delivery(name, "keep this")
        self.send(name, "second")
        self.wait_for_delivery(name, "second")


class Mailcow(Project):
    conf = None  # main.cf and master.cf as the image has them

    def setUp(self):
        super().setUp()
        if Mailcow.conf is None:
            container = self.engine.docker("create", "mailcow")
            Mailcow.conf = f"{self.engine.top}/mailcow-conf"
            self.engine.docker("cp", f"{container}:/made/conf", Mailcow.conf)
            self.engine.docker("rm", container)
        shutil.copytree(Mailcow.conf, f"{self.project}/data/conf/postfix")
        self.write_extra("")
        for directory in ("hooks/postfix", "assets/ssl"):
            os.makedirs(f"{self.project}/data/{directory}")
        make_certificate(f"{self.project}/data/assets/ssl", HOST)

    def write_extra(self, text):
        write(f"{self.project}/data/conf/postfix/extra.cf", text, mode=0o644)

    def write_hook(self, name, text):
        write(f"{self.project}/data/hooks/postfix/{name}", "#!/bin/bash\n" + text, mode=0o755)

    def install(self):
        """The first lines of the override, and extra.cf as the hook says. Its owners come into a file beside it."""
        self.put(f"{SCRIPTS}/mailcow/docker-compose.override.yml", "docker-compose.override.yml")
        self.put_program("data/mailstate/mailstate")
        self.put(f"{SCRIPTS}/mailcow/mailstate.sh", "data/hooks/postfix/mailstate.sh")
        with open(f"{SCRIPTS}/mailcow/mailstate.sh", encoding="utf-8") as file:
            self.write_extra(re.search(r"^# +(tls_server_sni_maps = .*\n)", file.read(), re.MULTILINE).group(1))
        for name in ("before", "seen"):  # before and behind mailstate.sh by their names
            self.write_hook(f"{name}.sh", f"find /var/spool/postfix -printf '%P %u:%g %m\\n' >/hooks/{name}\n")

    def boot(self, *options, image="mailcow", spool="rw", hostname=HOST):
        """With the mounts and the environment of mailcow's compose file."""
        data = f"{self.project}/data"
        mounts = [f"{data}/hooks/postfix:/hooks", f"{data}/conf/postfix:/opt/postfix/conf",
                  f"{data}/assets/ssl:/etc/ssl/mail:ro", f"{self.volume}-postfix:/var/spool/postfix:{spool}",
                  f"{self.volume}-crypt:/var/lib/zeyple", f"{self.volume}-rspamd:/var/lib/rspamd",
                  f"{self.volume}-homes:/home"]
        stock = [word for mount in mounts for word in ("--volume", mount)]
        override = f"{self.project}/docker-compose.override.yml"
        if os.path.exists(override):
            stock += Service(override, "postfix-mailcow", {"MAILCOW_HOSTNAME": hostname}).run_options()
        return self.start(image, *stock, "--env", "TZ=Etc/UTC", *options, volume="")

    def seen(self, by="seen"):
        """Owner and mode of what is in the spool when the hooks are through and Postfix has not begun."""
        with open(f"{self.project}/data/hooks/postfix/{by}", encoding="utf-8") as file:
            return {line.split(" ")[0]: line.rstrip("\n").split(" ")[1:] for line in file}

    def subject(self, name, server_name):
        """Of the certificate that a client gets."""
        done = self.run_in(name, "sh", "-c", "echo QUIT | openssl s_client -starttls smtp -connect 127.0.0.1:25 "
                                             f"-servername {server_name}")
        found = re.search(r"^subject=.*CN ?= ?(\S+)$", done.stdout, re.MULTILINE)
        return found[1] if found else done.stdout + done.stderr

    def test_the_queue_is_right_before_postfix_starts_and_certificates_follow_the_name(self):
        name = self.boot(image="mailcow-older")
        self.wait_for_postfix(name)
        self.leave_mail(name)
        self.assertEqual(self.end(name), 0)
        spool = self.volume_path(f"{self.volume}-postfix")
        os.chmod(f"{spool}/public", 0o710)  # as a restored copy may have it
        rspamd, archive = self.make_volume("rspamd"), self.make_volume("archive")
        write_strangers(rspamd)
        write_strangers(archive)

        self.install()
        make_certificate(f"{self.project}/data/assets/ssl/{OTHER}", OTHER)
        write(f"{self.project}/data/assets/ssl/{OTHER}/domains", OTHER, mode=0o644)
        name = self.boot("--volume", f"{self.volume}-archive:/var/spool/postfix/archive")
        self.wait_for_postfix(name)
        log, seen = self.log(name), self.seen()
        self.assertRegex(log, PUT_RIGHT)
        self.assertNotIn("mailstate.sh:", log)
        self.assertNotIn("rspamd", log)
        self.assertEqual(seen[""], ["root:root", "755"])
        self.assertEqual(seen["active"], ["postfix:root", "700"])
        self.assertEqual(seen["public"], ["postfix:postdrop", "2710"])
        self.assertEqual(seen["maildrop"], ["postfix:postdrop", "730"])
        held = [owner for path, owner in seen.items() if path.startswith("hold/")]
        self.assertEqual(held, [["postfix:postfix", "700"]])
        self.assertTrue(self.is_strangers(rspamd))
        self.assertTrue(self.is_strangers(archive))
        self.assert_content(name, "--layout", "mailcow", "--only", "postfix-spool")
        self.get_mail(name)

        entry = self.said_in(name, "postmap", "-F", "-q", OTHER, "hash:/opt/postfix/conf/mailstate-sni.map")
        with open(f"{self.project}/data/assets/ssl/{OTHER}/cert.pem", encoding="utf-8") as file:
            self.assertIn(file.read().strip(), entry)
        self.assertEqual(self.subject(name, OTHER), OTHER)
        self.assertEqual(self.subject(name, HOST), HOST)
        compiled = f"{self.project}/data/conf/postfix/mailstate-sni.map.db"
        self.assertEqual(os.stat(compiled).st_mode & 0o777, 0o600)

        self.send(name, "keep this, too")  # what Postfix makes is right as it makes it
        os.chmod(compiled, 0o644)
        self.engine.docker("restart", "--time", "30", name)
        self.wait_for_postfix(name, starts=2)
        again = self.log(name)[len(log):]
        self.assertIn("hook: /hooks/mailstate.sh", again)
        self.assertEqual(os.stat(compiled).st_mode & 0o777, 0o600)
        self.assertEqual(self.seen(by="before"), self.seen())
        self.assertNotRegex(again, CHANGED)

    def test_postfix_starts_whatever_the_hook_meets(self):
        self.install()
        with self.subTest("no program"):
            self.volume = "no-program"
            os.remove(f"{self.project}/docker-compose.override.yml")
            name = self.boot()
            self.wait_for_postfix(name)
            self.assertIn("is it at data/mailstate/mailstate, and docker-compose.override.yml", self.log(name))
            self.assertEqual(self.subject(name, OTHER), HOST)  # the map is an empty one
        with self.subTest("no name"):
            self.volume = "no-name"
            self.put(f"{SCRIPTS}/mailcow/docker-compose.override.yml", "docker-compose.override.yml")
            name = self.boot(hostname="")
            self.wait_for_postfix(name)
            self.assertIn("set MAILCOW_HOSTNAME", self.log(name))
            self.assertEqual(self.subject(name, OTHER), HOST)
        with self.subTest("no certificates"):
            self.volume = "no-certificates"
            shutil.rmtree(f"{self.project}/data/assets/ssl")
            os.mkdir(f"{self.project}/data/assets/ssl")
            name = self.boot()
            self.wait_for_postfix(name)
            self.assertIn("no default cert.pem and key.pem", self.log(name))

    def test_a_volume_that_cannot_be_written_is_said_and_postfix_is_started(self):
        self.end(self.boot(image="mailcow-older"))  # fills the volume
        self.install()
        name = self.boot(spool="ro")
        self.wait_for("Postfix", lambda: "Postfix is started" in self.log(name), name)
        self.assertRegex(self.log(name), "(?i)read-only")
        self.assertEqual(self.seen()["public"][0], "902:912")


class Mailu(Project):
    def setUp(self):
        super().setUp()
        self.put(f"{SCRIPTS}/mailu/docker-compose.override.yml", "docker-compose.override.yml")
        self.put_program("mailstate/mailstate")

    def mounts(self, service):
        paths, _ = mail_systems.MAILU_SERVICES[service]
        return [word for path in paths for word in ("--volume", f"{self.volume}{path.replace('/', '-')}:{path}")]

    def older(self, service, *script):
        """The state of a service as the image before has left it: by a script in its place."""
        done = self.run_once(*self.mounts(service), image="mailu-older", command=("bash", "-ec", *script), volume="")
        self.assertEqual(done.returncode, 0, done.stderr)

    def boot(self, service, *options, overridden=True):
        more, command = ["--env", f"HOSTNAMES={HOST}", *self.mounts(service)], []
        if overridden:
            override = Service(f"{self.project}/docker-compose.override.yml", service)
            more, command = more + override.run_options(), override.run_command()
        name = self.start(f"mailu-{service}", *more, "--volume", f"{self.volume}-homes:/home", *options,
                          command=command, volume="")
        self.wait_for("its start", lambda: "start: ready" in self.log(name), name)
        return name

    def found(self, name):
        """Owner and mode of each path as /start.py finds it."""
        lines = re.findall(r"^found: (\S+) (\S+) (\d+)$", self.log(name), re.MULTILINE)
        return {path: (owner, mode) for path, owner, mode in lines}

    def environment(self, name):
        return re.findall("^env: (.*)$", self.log(name), re.MULTILINE)

    def assert_stops(self, name):
        """/start.py is who gets the signal."""
        self.engine.docker("stop", "--time", "30", name)
        self.assertEqual(self.engine.inspect(name)["State"]["ExitCode"], 143)
        self.assertIn("start: SIGTERM", self.log(name))

    def test_start_py_is_what_it_was_and_only_the_service_s_own_directories_are_there(self):
        for service, (own, _) in mail_systems.MAILU_SERVICES.items():
            with self.subTest(service):
                name = self.boot(service)
                self.assertIn("start: /start.py is 1 in /app, with 0 arguments", self.log(name))
                self.assertEqual([path for path in self.found(name) if path in mail_systems.MAILU_PLACES], own)
                self.assertNotIn("warning", self.log(name).split("start:")[0])
                if service == "smtp":
                    self.wait_for_postfix(name)
                self.assert_stops(name)
                plain = self.boot(service, overridden=False)
                self.assertEqual(self.environment(name), self.environment(plain))

    def test_the_queue_of_an_older_image_is_delivered(self):
        name = self.start("mailu-older", *self.mounts("smtp"), "--volume", f"{self.volume}-homes:/home", volume="")
        self.wait_for_postfix(name)
        self.leave_mail(name)
        self.assertEqual(self.end(name), 143)
        name = self.boot("smtp")
        found = self.found(name)
        self.assertRegex(self.log(name), PUT_RIGHT)
        self.assertEqual(found["/queue"], ("root:root", "755"))
        self.assertEqual(found["/queue/active"], ("postfix:root", "700"))
        self.assertEqual(found["/queue/maildrop"], ("postfix:postdrop", "730"))
        self.assertEqual(found["/queue/public"], ("postfix:postdrop", "710"))
        self.wait_for_postfix(name)
        self.assert_content(name, "--layout", "mailu")
        self.get_mail(name)
        before = self.log(name)
        self.engine.docker("restart", "--time", "30", name)
        self.wait_for_postfix(name, starts=2)
        self.assertEqual(len(re.findall(CHANGED, self.log(name))), len(re.findall(CHANGED, before)))

    def test_owners_follow_their_names_and_other_containers_directories_are_left(self):
        self.older("antispam", "cd /var/lib/rspamd; mkdir clamav; touch rspamd.rrd; chown rspamd: . rspamd.rrd; "
                               "chown 4711:4711 clamav; touch clamav/file; chown 4711:4711 clamav/file")
        other = self.make_volume("other")
        write_strangers(other)
        name = self.boot("antispam", "--volume", f"{self.volume}-other:/var/lib/rspamd/other")
        found = self.found(name)
        self.assertEqual({found[f"/var/lib/rspamd{path}"][0] for path in ("", "/rspamd.rrd")}, {"rspamd:rspamd"})
        self.assertEqual({found[f"/var/lib/rspamd{path}"][0] for path in ("/clamav/file", "/other", "/other/file")},
                         {"4711:4711"})
        self.assertTrue(self.is_strangers(other))

        self.older("admin", "touch /data/main.db /dkim/key; chown mailu: /data /data/main.db /dkim /dkim/key; "
                            "mkdir /data/fetchmail; touch /data/fetchmail/fetchids; chown -R 4711:4711 /data/fetchmail")
        found = self.found(self.boot("admin"))
        self.assertEqual({found[path][0] for path in ("/data", "/data/main.db", "/dkim", "/dkim/key")}, {"mailu:mailu"})
        self.assertEqual(found["/data/fetchmail/fetchids"][0], "4711:4711")

        self.older("imap", "mkdir -p /mail/alice; chown mail: /mail; chown 4711:4711 /mail/alice")
        found = self.found(self.boot("imap"))
        self.assertEqual((found["/mail"][0], found["/mail/alice"][0]), ("mail:mail", "4711:4711"))

    def test_start_py_starts_whatever_mailstate_meets(self):
        self.older("imap", "chown mail: /mail")
        readonly = [word + ":ro" if word.endswith(":/mail") else word for word in self.mounts("imap")]
        override = Service(f"{self.project}/docker-compose.override.yml", "imap")
        strict = [*override.run_options(), *readonly, "--env", "MAILSTATE_STRICT=1"]
        command = override.run_command()
        name = self.start("mailu-imap", *strict, command=command, volume="")
        self.wait_for("its start", lambda: "start: /start.py is 1 in /app" in self.log(name), name)
        command.remove("--keep-going")
        self.assertEqual(self.run_once(*strict, image="mailu-imap", command=command, volume="").returncode, 3)


if __name__ == "__main__":
    lab_case.main(HERE)
