# SPDX-License-Identifier: MIT
"""Postfix, Redis, Dovecot and Rspamd in a container: what is given to them, and what they still have."""

from lab_case import LabCase

SPAM = "From: a@example.org\nTo: alice@mail.example.test\nSubject: pills\nMessage-Id: <{0}@example.org>\n\n" + \
       "cheap pills buy now cheap watches replica offer winner lottery million dollars {0}\n" * 5
LEARNED = 3


class ServicesCase(LabCase):
    def start_all(self, image):
        name = self.start(image, *self.homes())
        self.wait_for_services(name)
        verified = self.run_in(name, "mailstate", "verify", "--ownership", "quick")
        self.assertEqual(verified.returncode, 0, verified.stdout)
        return name

    def homes(self):
        return ["--volume", f"{self.volume}-homes:/home"]

    def wait_for_services(self, name):
        self.wait_for_redis(name)
        login = ("doveadm", "auth", "test", "alice", "secret")
        self.wait_for("a login", lambda: self.run_in(name, *login).returncode == 0, name)
        self.wait_for("rspamd", lambda: self.learned(name) is not None, name)

    def learned(self, name):
        """Messages that Rspamd has learned from, as it says."""
        for line in self.run_in(name, "rspamc", "stat").stdout.splitlines():
            if line.startswith("Total learns:"):
                return int(line.split(":")[1])
        return None

    def send(self, name, subject):
        mail = f"Subject: {subject}\n\ntext\n"
        self.said_in(name, "sh", "-c", f"printf '{mail}' | sendmail alice@mail.example.test", user="alice")

    def delivered(self, name, subject):
        return self.run_in(name, "grep", "-rlx", f"Subject: {subject}", "/home/alice/Maildir/new").returncode == 0

    def queued(self, name):
        return self.run_in(name, "postqueue", "-j").stdout.count('"queue_name": "hold"')

    def fill(self, name):
        """A mail delivered and one on hold, a key in Redis, and what Rspamd learns from."""
        self.send(name, "first")
        self.wait_for("a delivery", lambda: self.delivered(name, "first"), name)
        self.send(name, "keep this")
        self.wait_for("a held mail", lambda: self.queued(name) == 1, name)
        self.assertEqual(self.said_in(name, "redis-cli", "set", "key", "value"), "OK")
        for number in range(LEARNED):
            self.said_in(name, "sh", "-c", f"printf '{SPAM.format(number)}' >/tmp/spam && rspamc learn_spam /tmp/spam")
        self.wait_for("learning", lambda: self.learned(name) == LEARNED, name)

    def assert_has_everything(self, name):
        checked = self.run_in(name, "postfix", "check")
        self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))
        self.assertEqual(self.said_in(name, "redis-cli", "get", "key"), "value")
        self.assertEqual(self.learned(name), LEARNED)
        self.assertTrue(self.delivered(name, "first"))
        self.assertEqual(self.queued(name), 1)
        self.said_in(name, "sh", "-c", "postsuper -H ALL && postqueue -f")
        self.wait_for("the held mail", lambda: self.delivered(name, "keep this"), name)
        self.send(name, "second")
        self.wait_for("a delivery", lambda: self.delivered(name, "second"), name)
