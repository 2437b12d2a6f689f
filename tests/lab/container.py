# SPDX-License-Identifier: MIT
"""A container of real services: the root tree of `mailroot` as an overlay's lower layer, a volume, a network of its own.

The network has a loopback interface and nothing else. Use inside namespace.enter("--net", "--uts") only.
"""

import json
import os
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
import time

from support import program, tree
from support.world import make_ext4, mount, unmount

HERE = os.path.dirname(os.path.abspath(__file__))
HOST = "mail.example.test"
SERVICES_ON = {"ENABLE_RSPAMD_REDIS": "1", "ENABLE_SRS": "1"}
DEVICES = {"null": 3, "zero": 5, "full": 7, "random": 8, "urandom": 9}

POSTFIX = """compatibility_level = 3.6
myhostname = {host}
mydestination = {host}
inet_interfaces = loopback-only
inet_protocols = ipv4
alias_maps =
alias_database =
home_mailbox = Maildir/
header_checks = regexp:/etc/postfix/header_checks
setgid_group = postdrop
"""
DOVECOT = """protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:~/Maildir
log_path = /var/log/dovecot.log
passdb {
  driver = passwd-file
  args = /etc/dovecot/users
}
userdb {
  driver = passwd-file
  args = /etc/dovecot/users
}
"""


def prepare_network():
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    socket.sethostname(HOST)


class Image:
    """The lower layer: Debian's packages, configured as an administrator would for a small host."""

    def __init__(self, top):
        self.disk = f"{top}/disk"
        make_ext4(self.disk, "4G")
        self.root = f"{self.disk}/image"
        os.mkdir(self.root)
        os.chmod(self.root, 0o755)
        tar = subprocess.run([f"{HERE}/mailroot"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()
        subprocess.run(["tar", "-x", "--xattrs", "--numeric-owner", "-f", tar, "-C", self.root], check=True)
        self.configure()

    def write(self, path, text, mode=0o644):
        with open(self.root + path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(self.root + path, mode)

    def configure(self):
        subprocess.run(["useradd", "--root", self.root, "--uid", "1000", "--create-home", "alice"], check=True)
        self.write("/etc/hosts", f"127.0.0.1 localhost {HOST}\n")
        self.write("/etc/hostname", f"{HOST}\n")
        self.write("/etc/mailname", f"{HOST}\n")
        self.write("/etc/postfix/main.cf", POSTFIX.format(host=HOST))
        self.write("/etc/postfix/header_checks", "/^Subject: keep/ HOLD\n")
        self.write("/etc/dovecot/dovecot.conf", DOVECOT)
        self.write("/etc/dovecot/users", "alice:{plain}secret:1000:1000::/home/alice\n")
        subprocess.run(["chroot", self.root, "postconf", "-F", "*/*/chroot=n"], check=True)
        shutil.copy(program.binary(), f"{self.root}/usr/bin/mailstate")
        os.makedirs(f"{self.root}/var/mail-state", exist_ok=True)


class Container:
    def __init__(self, top, image):
        self.top, self.image, self.starts, self.running, self.log = top, image, 0, [], []
        self.root, self.volume, self.homes = f"{top}/root", f"{top}/volume", f"{top}/homes"
        os.mkdir(self.root)
        make_ext4(self.volume, "512M")
        shutil.copytree(f"{image.root}/home", self.homes)
        os.chown(f"{self.homes}/alice", 1000, 1000)

    def start(self):
        self.starts += 1
        layer = f"{self.image.disk}/{os.path.basename(self.top)}-{self.starts}"
        upper, work = f"{layer}-upper", f"{layer}-work"
        os.mkdir(upper)
        os.chmod(upper, 0o755)
        os.mkdir(work)
        mount("-t", "overlay", "-o", f"lowerdir={self.image.root},upperdir={upper},workdir={work}", "overlay", self.root)
        mount("-t", "proc", "proc", f"{self.root}/proc")
        mount("-t", "tmpfs", "-o", "mode=755", "dev", f"{self.root}/dev")
        for name, minor in DEVICES.items():
            os.mknod(f"{self.root}/dev/{name}", stat.S_IFCHR, os.makedev(1, minor))
            os.chmod(f"{self.root}/dev/{name}", 0o666)
        os.mkdir(f"{self.root}/dev/shm", 0o1777)
        os.symlink("/proc/self/fd", f"{self.root}/dev/fd")
        self.listen_to_syslog()
        mount("--bind", self.volume, f"{self.root}/var/mail-state")
        mount("--bind", self.homes, f"{self.root}/home")

    def stop(self):
        self.syslog.close()
        unmount(self.root)

    def listen_to_syslog(self):
        self.syslog = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.syslog.bind(f"{self.root}/dev/log")
        os.chmod(f"{self.root}/dev/log", 0o666)
        threading.Thread(target=self.keep_log, args=[self.syslog], daemon=True).start()

    def keep_log(self, syslog):
        while True:
            try:
                self.log.append(syslog.recv(8192).decode(errors="replace"))
            except OSError:
                return

    def renumber(self, users, groups):
        """Makes this container's root one of an image that was built with other numbers: its own files follow."""
        for path, numbers in (("/etc/passwd", users), ("/etc/group", groups)):
            with open(self.root + path, encoding="utf-8") as file:
                lines = [line.rstrip("\n").split(":") for line in file]
            for fields in lines:
                fields[2] = str(numbers.get(int(fields[2]), fields[2]))
                if path == "/etc/passwd":
                    fields[3] = str(groups.get(int(fields[3]), fields[3]))
            with open(self.root + path, "w", encoding="utf-8") as file:
                file.writelines(":".join(fields) + "\n" for fields in lines)
        for top in ("/etc", "/usr", "/var"):
            for path, node in tree.manifest(self.root + top, content=False, cross=False).items():
                uid, gid = users.get(node.uid, node.uid), groups.get(node.gid, node.gid)
                if (uid, gid) != (node.uid, node.gid):
                    full = os.path.join(os.fsencode(self.root + top), path)
                    os.lchown(full, uid, gid)
                    if node.kind != "link":
                        os.chmod(full, node.mode)  # chown took SGID away

    def numbers(self, path):
        """Name → number of passwd or group."""
        with open(self.root + path, encoding="utf-8") as file:
            return {fields[0]: int(fields[2]) for fields in (line.split(":") for line in file)}

    def run(self, *command, user=None, check=True, text=""):
        """Output goes through files: a service that stays in the background would keep a pipe open."""
        chroot = ["chroot", *([f"--userspec={user}:{user}"] if user else []), self.root]
        with tempfile.TemporaryFile("w+") as given, tempfile.TemporaryFile("w+") as out, \
             tempfile.TemporaryFile("w+") as err:
            given.write(text)
            given.seek(0)
            done = subprocess.run([*chroot, *command], env={**program.CLEAN, **SERVICES_ON}, stdin=given, stdout=out,
                                  stderr=err, timeout=60, check=False)
            for file in (out, err):
                file.seek(0)
            done.stdout, done.stderr = out.read(), err.read()
        if check and done.returncode != 0:
            raise AssertionError(f"{command} ended with {done.returncode}\n{done.stdout}{done.stderr}{self.logs()}")
        return done

    def start_in_background(self, *command, user):
        process = subprocess.Popen(["chroot", f"--userspec={user}:{user}", self.root, *command], env=program.CLEAN,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        self.running.append(process)
        return process

    def logs(self):
        text = "--- syslog\n" + "\n".join(self.log[-30:]) + "\n"
        if os.path.exists(f"{self.root}/var/log/dovecot.log"):
            with open(f"{self.root}/var/log/dovecot.log", encoding="utf-8") as file:
                text += "--- dovecot.log\n" + "".join(file.readlines()[-30:])
        return text

    # What the services hold.

    def send(self, subject):
        """As alice, who is nobody special: only postdrop's SGID bit gets her mail into the queue."""
        mail = f"From: alice@{HOST}\nTo: alice@{HOST}\nSubject: {subject}\n\ntext of {subject}\n"
        self.run("/usr/sbin/sendmail", f"alice@{HOST}", user="alice", text=mail)

    def queued(self):
        """Queue names of what Postfix still has."""
        lines = self.run("postqueue", "-j").stdout.splitlines()
        return [json.loads(line)["queue_name"] for line in lines]

    def delivered(self):
        """Subjects in alice's Maildir."""
        subjects = []
        new = f"{self.homes}/alice/Maildir/new"
        for name in os.listdir(new) if os.path.isdir(new) else []:
            with open(f"{new}/{name}", encoding="utf-8") as mail:
                subjects += [line[len("Subject: "):].strip() for line in mail if line.startswith("Subject: ")]
        return sorted(subjects)

    def wait_for(self, what, condition, seconds=30):
        deadline = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not happen within {seconds} s\n{self.logs()}")
            time.sleep(0.05)
