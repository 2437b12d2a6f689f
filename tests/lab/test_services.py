#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Real Postfix, Redis and Dovecot over state that the program has moved: they start, and they find what they left."""

import json
import os
import socket
import statistics
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, ".."), HERE]
from container import Container, Image, prepare_network
from support import namespace, program, tree
from support.content import write
from support.world import mount

LINKS = {"/var/spool/postfix": "spool-postfix", "/var/lib/postfix": "lib-postfix", "/var/lib/redis": "lib-redis",
         "/var/lib/dovecot": "lib-dovecot", "/etc/postsrsd.secret": "etc/postsrsd.secret"}


class RealServices(unittest.TestCase):
    made = 0

    @classmethod
    def setUpClass(cls):
        prepare_network()
        os.mkdir(f"{namespace.enter()}/image")
        cls.image = Image(f"{namespace.enter()}/image")

    def setUp(self):
        RealServices.made += 1
        top = f"{namespace.enter()}/{RealServices.made}"
        os.mkdir(top)
        self.container = Container(top, self.image)
        self.container.start()
        self.addCleanup(self.stop_everything)

    def stop_everything(self):
        for process in self.container.running:
            process.kill()
            process.wait()
        for command in (["postfix", "stop"], ["doveadm", "stop"]):
            self.container.run(*command, check=False)
        self.container.stop()

    def apply(self, status=0):
        done = self.container.run("mailstate", "apply", check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        for origin, destination in LINKS.items():
            self.assertEqual(os.readlink(self.container.root + origin), f"/var/mail-state/{destination}")
        again = self.container.run("mailstate", "plan", "--detailed-exitcode", check=False)
        self.assertEqual(again.returncode, 0, again.stdout)

    def held(self):
        """[(queue id, inode)] of the mails on hold. A short queue id is five digits and the inode's number."""
        said = self.container.run("find", "/var/spool/postfix/hold/", "-type", "f", "-printf", "%f %i\n").stdout
        return [(name, int(inode)) for name, inode in map(str.split, said.splitlines())]

    def postfix_starts(self, copied=0):
        """The first check renames those of `copied` mails whose copy has another inode number, as nearly all have."""
        if copied:
            self.assertEqual(len(self.held()), copied)
            others = sum(int(name[5:], 16) != inode for name, inode in self.held())
            said = self.container.run("postfix", "check").stderr
            self.assertRegex(said, r"\A\Z" if not others else
                             rf"\Apostsuper: Renamed to match inode number: {others} messages?\n"
                             r"postsuper: warning: QUEUE FILE NAMES WERE CHANGED TO MATCH INODE NUMBERS\n\Z")
            self.assertEqual([int(name[5:], 16) for name, inode in self.held()], [inode for name, inode in self.held()])
        checked = self.container.run("postfix", "check")
        self.assertEqual((checked.stdout, checked.stderr), ("", ""))
        self.container.run("postfix", "start")

    def mail_is_delivered(self, subject):
        container = self.container
        container.send(subject)
        container.wait_for(f"the delivery of {subject!r}", lambda: subject in container.delivered())

    def mail_is_kept(self, subject):
        container = self.container
        container.send(subject)
        container.wait_for(f"holding {subject!r}", lambda: container.queued() == ["hold"])

    def kept_mail_is_delivered(self, subject):
        container = self.container
        self.assertEqual(container.queued(), ["hold"])
        container.run("postsuper", "-H", "ALL")
        container.run("postqueue", "-f")
        container.wait_for(f"the delivery of {subject!r}", lambda: subject in container.delivered())
        container.wait_for("an empty queue", lambda: not container.queued())

    def redis_starts(self):
        container = self.container
        server = container.start_in_background("redis-server", "/etc/redis/redis.conf", "--daemonize", "no",
                                               "--logfile", "", "--pidfile", "", "--supervised", "no", user="redis")
        container.wait_for("an answer of redis",
                           lambda: container.run("redis-cli", "ping", check=False).stdout == "PONG\n")
        return server

    def redis(self, *command):
        return self.container.run("redis-cli", *command).stdout.strip()

    def redis_stops(self, server):
        self.container.run("redis-cli", "shutdown", "nosave", check=False)
        server.wait(10)

    def dovecot_starts(self):
        container = self.container
        container.run("dovecot")
        container.wait_for("a login", lambda: container.run("doveadm", "auth", "test", "alice", "secret",
                                                             check=False).returncode == 0)
        self.assertNotEqual(container.run("doveadm", "auth", "test", "alice", "wrong", check=False).returncode, 0)

    def mails_seen_by_imap(self):
        with socket.create_connection(("127.0.0.1", 143), timeout=10) as connection, connection.makefile("rw") as imap:
            imap.readline()
            imap.write("a login alice secret\r\nb select INBOX\r\nc logout\r\n")
            imap.flush()
            for line in imap:
                if line.rstrip().endswith("EXISTS"):
                    return int(line.split()[1])
        return None

    def owner(self, path):
        found = os.lstat(self.container.root + path)
        return found.st_uid, found.st_gid

    def test_run_over_their_links_and_over_a_renumbered_image(self):
        container = self.container
        self.apply()
        self.postfix_starts()
        self.mail_is_delivered("first")
        self.mail_is_kept("keep this one")
        server = self.redis_starts()
        self.assertEqual(self.redis("set", "key", "value"), "OK")
        self.assertEqual(self.redis("save"), "OK")
        self.redis_stops(server)
        self.dovecot_starts()
        self.assertEqual(self.mails_seen_by_imap(), 1)
        container.run("doveadm", "stop")
        container.run("postfix", "stop")
        self.assertTrue(os.path.getsize(f"{container.volume}/lib-redis/dump.rdb"))

        users, groups = container.numbers("/etc/passwd"), container.numbers("/etc/group")
        container.stop()
        container.start()
        container.renumber({users["redis"]: users["postfix"], users["postfix"]: users["redis"],
                            users["dovecot"]: 777, users["postsrsd"]: 778},
                           {groups["redis"]: groups["postdrop"], groups["postdrop"]: groups["redis"],
                            groups["postfix"]: 779})
        self.assertEqual(container.numbers("/etc/passwd")["redis"], users["postfix"])
        self.apply()
        self.assertEqual(self.owner("/var/mail-state/lib-redis/dump.rdb"), (users["postfix"], groups["postdrop"]))
        self.assertEqual(self.owner("/var/mail-state/spool-postfix/maildrop"), (users["redis"], groups["redis"]))

        self.postfix_starts()
        self.kept_mail_is_delivered("keep this one")
        self.mail_is_delivered("second")
        server = self.redis_starts()
        self.assertEqual(self.redis("get", "key"), "value")
        self.assertEqual(self.redis("set", "other", "value"), "OK")
        self.assertEqual(self.redis("save"), "OK")
        self.redis_stops(server)
        self.dovecot_starts()
        self.assertEqual(self.mails_seen_by_imap(), 3)

    def test_what_they_left_in_the_image_layer_is_taken_along(self):
        """A container that ran without a volume so far: its queue and its database move with the first apply."""
        container = self.container
        self.postfix_starts()
        self.mail_is_kept("keep from before")
        container.run("postfix", "stop")
        server = self.redis_starts()
        self.redis("set", "before", "the move")
        self.assertEqual(self.redis("save"), "OK")
        self.redis_stops(server)

        self.apply()
        self.postfix_starts(copied=1)
        self.kept_mail_is_delivered("keep from before")
        server = self.redis_starts()
        self.assertEqual(self.redis("get", "before"), "the move")
        self.assertEqual(self.redis("save"), "OK")
        self.redis_stops(server)

    def test_nothing_is_wrong_with_what_runs(self):
        """Sockets, pid files and queues of running services are no difference, neither for verify nor for rehearse."""
        container = self.container
        self.apply()
        self.postfix_starts()
        self.mail_is_kept("keep this one")
        server = self.redis_starts()
        self.dovecot_starts()
        for command in (["verify"], ["verify", "--ownership", "quick"], ["rehearse"]):
            done = container.run("mailstate", *command, check=False)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.kept_mail_is_delivered("keep this one")
        self.redis_stops(server)

    def test_the_queue_of_postfix_needs_no_hard_links(self):
        """Every hard link that Postfix makes from a mail's coming to its delivery is in a mailbox."""
        container = self.container
        self.apply()
        trace = f"{container.top}/links"
        tracer = subprocess.Popen(["strace", "-f", "-qq", "-e", "trace=link,linkat", "-o", trace, "chroot",
                                   container.root, "postfix", "start"], env=program.CLEAN, stdin=subprocess.DEVNULL)
        container.wait_for("postfix", lambda: container.run("postfix", "status", check=False).returncode == 0)
        self.mail_is_kept("keep the first")
        self.kept_mail_is_delivered("keep the first")
        container.run("postfix", "stop")
        self.assertEqual(tracer.wait(30), 0)
        with open(trace, encoding="utf-8") as file:
            links = [line for line in file if " = 0" in line]
        self.assertTrue(links, "local(8) makes one in a Maildir")
        self.assertEqual([line for line in links if "Maildir" not in line], [])

    def picture(self):
        """All that the container has, but for where a scratch comes and goes."""
        volume = tree.manifest(self.container.volume)
        for path in (b".", b".mailstate", b".mailstate/staging", b".mailstate/lock"):
            volume.pop(path, None)
        return tree.manifest(self.container.root, cross=False), volume

    def test_a_rehearsal_foretells_the_first_start(self):
        container = self.container
        self.postfix_starts()
        for number in range(10):
            container.send(f"keep {number}")
        container.wait_for("ten mails on hold", lambda: container.queued() == 10 * ["hold"])
        container.run("postfix", "stop")
        server = self.redis_starts()
        self.redis("eval", "for i = 1, 200000 do redis.call('set', 'key' .. i, string.rep(i, 40)) end", "0")
        self.assertEqual(self.redis("save"), "OK")
        self.redis_stops(server)
        users, groups = container.numbers("/etc/passwd"), container.numbers("/etc/group")
        for number in range(3000):  # as a cache of Dovecot's, or a queue after a bad night
            write(f"{container.root}/var/lib/redis/{number}", f"{number}\n" * 200, (users["redis"], groups["redis"]))

        before = self.picture()
        foretold = []
        for _ in range(3):
            done = container.run("mailstate", "rehearse", "--output", "json", check=False)
            rehearsed = json.loads(done.stdout)
            self.assertFalse(any(entry["undone"] for entry in rehearsed["entries"]), done.stdout)
            steps = {step["name"]: step["outcome"] for step in rehearsed["rehearsal"]["steps"] if step["name"] != "check"}
            self.assertEqual(set(steps.values()), {"done"}, done.stdout)
            foretold.append(rehearsed["rehearsal"]["seconds"]["first_start"])
        for then, now in zip(before, self.picture()):
            self.assertEqual(tree.untouched(then, now), [])

        applied = json.loads(container.run("mailstate", "apply", "--output", "json").stdout)
        self.assertEqual({e["name"]: e["rehearsed"]["decision"] for e in rehearsed["entries"] if e["rehearsed"]},
                         {e["name"]: e["decision"] for e in applied["entries"] if e["decision"] != "disabled"})
        took, expected = applied["elapsed_ms"] / 1000, statistics.median(foretold)
        print(f"first start: foretold {expected:.3f} s ({', '.join(f'{f:.3f}' for f in foretold)}), took {took:.3f} s",
              file=sys.stderr)
        # Within 1.5 on a quiet machine (scripts/bench says); here something else may run beside either.
        self.assertLess(took, 5 * expected)
        self.assertLess(expected, 5 * took)
        self.postfix_starts(copied=10)
        server = self.redis_starts()
        self.assertEqual(self.redis("dbsize"), "200000")
        self.redis_stops(server)

    def roll_back(self, *options, status=0):
        done = self.container.run("mailstate", "rollback", *options, check=False)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        return done.stdout

    def test_back_to_the_old_way_and_to_the_volume_again(self):
        container = self.container
        self.apply()
        self.postfix_starts()
        self.mail_is_kept("keep on the volume")
        server = self.redis_starts()
        self.redis("set", "written", "on the volume")
        self.assertEqual(self.redis("save"), "OK")
        said = self.roll_back(status=4)  # both run
        for service in ("redis-server (process", "master (process", "--allow-in-use"):
            self.assertIn(service, said)
        self.assertEqual(os.readlink(f"{container.root}/var/lib/redis"), "/var/mail-state/lib-redis")
        self.redis_stops(server)
        container.run("postfix", "stop")

        self.roll_back("--before", "1", "--verify", "content")
        for origin in LINKS:
            self.assertFalse(os.path.islink(container.root + origin), origin)
        mount("-o", "remount,bind,ro", f"{container.root}/var/mail-state")  # the old way does without the volume
        self.postfix_starts(copied=1)
        self.kept_mail_is_delivered("keep on the volume")
        self.mail_is_kept("keep at the origin")
        server = self.redis_starts()
        self.assertEqual(self.redis("get", "written"), "on the volume")
        self.redis("set", "since", "at the origin")
        self.assertEqual(self.redis("save"), "OK")
        self.redis_stops(server)
        container.run("postfix", "stop")
        mount("-o", "remount,bind,rw", f"{container.root}/var/mail-state")

        self.apply()
        self.postfix_starts(copied=1)
        self.kept_mail_is_delivered("keep at the origin")
        server = self.redis_starts()
        self.assertEqual(self.redis("get", "written"), "on the volume")
        self.assertEqual(self.redis("get", "since"), "at the origin")
        self.redis_stops(server)
        told = container.run("mailstate", "history").stdout
        self.assertIn("rollback --before 1", told)
        self.assertIn("rolled-back → linked: ", told)

    def test_a_service_with_a_mount_of_its_own_runs_from_it(self):
        container = self.container
        users, groups = container.numbers("/etc/passwd"), container.numbers("/etc/group")
        mount("-t", "tmpfs", "-o", "mode=750", "its-own", f"{container.root}/var/lib/redis")
        os.chown(f"{container.root}/var/lib/redis", users["redis"], groups["redis"])
        server = self.redis_starts()
        self.redis("set", "on", "the mount")
        self.assertEqual(self.redis("save"), "OK")
        self.redis_stops(server)
        done = container.run("mailstate", "apply")
        self.assertIn("/var/lib/redis", done.stdout + done.stderr)
        self.assertFalse(os.path.islink(f"{container.root}/var/lib/redis"))
        server = self.redis_starts()
        self.assertEqual(self.redis("get", "on"), "the mount")
        self.redis_stops(server)
        self.postfix_starts()
        self.mail_is_delivered("all the same")


if __name__ == "__main__":
    if namespace.SCRATCH not in os.environ:  # out here there is a network, which the packages come by
        subprocess.run([f"{HERE}/mailroot"], check=True, stdout=subprocess.DEVNULL)
    namespace.enter("--net", "--uts")
    unittest.main(verbosity=2)
