# SPDX-License-Identifier: MIT
"""The override of scripts/mailu, in containers that start as Mailu's do, on volumes that an older image has used, whose
users had other numbers."""

import re

import yaml

import mail_systems
from compose import Service
from mail_project import CHANGED, HOST, PUT_RIGHT, SCRIPTS, Project, write_strangers


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
        more, command = ["--env", f"HOSTNAMES={HOST}", "--env", "LOG_LEVEL=WARNING", *self.mounts(service)], []
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

    def wait_for_health(self, name):
        """As the image's own check sees it, which an entrypoint does not replace."""
        self.wait_for("health", lambda: self.engine.inspect(name)["State"]["Health"]["Status"] == "healthy", name)

    def test_start_py_is_what_it_was_and_only_the_service_s_own_directories_are_there(self):
        for service, (own, _) in mail_systems.MAILU_SERVICES.items():
            with self.subTest(service):
                name = self.boot(service)
                self.assertIn("start: /start.py is 1 in /app, with 0 arguments", self.log(name))
                self.assertEqual([path for path in self.found(name) if path in mail_systems.MAILU_PLACES], own)
                before = self.log(name).split("start: /start.py")[0]
                for word in ("warning", "LOG_LEVEL", *(path for path in mail_systems.MAILU_PLACES[:-1] if path not in own)):
                    self.assertNotIn(f"{word} ", before)
                self.wait_for_health(name)
                if service == "admin":
                    self.wait_for("the user mailu", lambda n=name: "start: as mailu" in self.log(n), name)
                self.assert_stops(name)
                plain = self.boot(service, overridden=False)
                self.assertEqual(self.environment(name), self.environment(plain))

    def test_the_front_has_nothing_to_set_and_starts_as_ever(self):
        """The override leaves it out. With the same lines it starts as the other four do; /certs is root's, and stays
        as it is, whoever a file there belongs to."""
        with open(f"{self.project}/docker-compose.override.yml", encoding="utf-8") as file:
            self.assertNotIn("front", yaml.safe_load(file)["services"])
        override = Service(f"{self.project}/docker-compose.override.yml", "smtp")
        write_strangers(self.make_volume("certs"))
        options = ["--env", "LOG_LEVEL=WARNING", "--volume", f"{self.volume}-certs:/certs"]
        for more, command in (([], []), (override.run_options(), override.run_command())):
            name = self.start("mailu-front", *options, *more, command=command, volume="")
            self.wait_for_health(name)
            self.assertIn("start: /start.py is 1 in /app, with 0 arguments", self.log(name))
            self.assertEqual({path: owner for path, (owner, _) in self.found(name).items()},
                             {path: "4711:4711" for path in ("/certs", "/certs/file")})
            self.assertNotRegex(self.log(name), r"warning|error|mailstate: ")
            self.run_in(name, "rm", "/certs/account.key")
            self.assert_stops(name)
        self.assertIn("nothing to do", self.log(name))

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
        self.assert_content(name)  # the layout is recognised
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
                         {"4711:4711"})  # until start.py, whose own chown takes what is mounted inside

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
