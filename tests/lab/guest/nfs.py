# SPDX-License-Identifier: MIT
"""A kernel NFS server and its clients, in one guest: exports on tmpfs and ext4, with and without root squash.

Each client mount is one of its own (nosharecache): two mounts of one export see each other as two machines would.
"""

import os
import re
import subprocess

from support.world import make_ext4, mount, unmount

PSEUDO_ROOT = "/srv/nfs"  # what NFSv4 clients see as /
BACKINGS = ("tmpfs", "ext4")
# By name: what a server does with the owners that a client sends.
SQUASHES = {"root_squash": "root_squash", "no_root_squash": "no_root_squash", "all_squash": "all_squash",
            "anonuid": "root_squash,anonuid=1005,anongid=100"}
VERSIONS = ("3", "4.2")
LEASE = 10  # seconds, of NFSv4; the kernel's smallest


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def export_name(backing, squash):
    return f"{backing}-{squash}"


def server_path(backing, squash):
    """An export's directory as the server sees it."""
    return f"{PSEUDO_ROOT}/{export_name(backing, squash)}"


def make_backings():
    os.mkdir("/srv/back")
    os.mkdir("/srv/back/tmpfs")
    mount("-t", "tmpfs", "-o", "mode=755,size=256m", "export", "/srv/back/tmpfs")
    make_ext4("/srv/back/ext4", "512M")
    os.mkdir(PSEUDO_ROOT)
    mount("-t", "tmpfs", "-o", "mode=755", "pseudo", PSEUDO_ROOT)
    for backing in BACKINGS:
        for squash in SQUASHES:
            path = f"/srv/back/{backing}/{squash}"
            os.mkdir(path)
            os.chmod(path, 0o755)
            os.mkdir(server_path(backing, squash))
            # NFSv4 obeys the options of an export below another one only where it is a mount point.
            mount("--bind", path, server_path(backing, squash))


def export():
    options = "sync,no_subtree_check,insecure"
    run("exportfs", "-o", f"{options},fsid=0,ro", f"*:{PSEUDO_ROOT}")
    for number, (backing, squash) in enumerate(((b, s) for b in BACKINGS for s in SQUASHES), start=1):
        run("exportfs", "-o", f"{options},rw,fsid={number},{SQUASHES[squash]}", f"*:{server_path(backing, squash)}")


def start_server():
    run("modprobe", "-a", "nfsd", "nfsv3", "nfsv4", "loop", "overlay", "sch_netem")
    for directory in ("sm", "sm.bak", "v4recovery", "rpc_pipefs"):
        os.mkdir(f"/var/lib/nfs/{directory}")
    for name in ("etab", "rmtab", "state"):
        write(f"/var/lib/nfs/{name}", "")
    run("chown", "-R", "statd:", "/var/lib/nfs/sm", "/var/lib/nfs/sm.bak", "/var/lib/nfs/state")
    make_backings()
    mount("-t", "nfsd", "nfsd", "/proc/fs/nfsd")
    write("/proc/fs/nfsd/nfsv4leasetime", str(LEASE))
    write("/proc/fs/nfsd/nfsv4gracetime", str(LEASE))
    # Without this, locks of NFSv3 wait for 50 seconds after the server's start.
    write("/proc/sys/fs/nfs/nlm_timeout", "3")
    write("/proc/sys/fs/nfs/nlm_grace_period", "3")
    run("rpcbind", "-w")
    run("rpc.statd", "--no-notify")
    export()
    run("rpc.mountd")
    run("rpc.nfsd", "8")
    write("/proc/fs/nfsd/v4_end_grace", "Y")


def mount_client(version, backing, squash, at, machine=None, options=""):
    """A client of its own on a new directory, on this machine or on another one."""
    os.mkdir(at)
    path = server_path(backing, squash) if version == "3" else f"/{export_name(backing, squash)}"
    host, enter = (machine.server, machine.enter) if machine else ("127.0.0.1", ())
    run(*enter, "mount", "-t", "nfs", "-o", f"vers={version},nosharecache{options and ','}{options}", f"{host}:{path}", at)


def unmount_client(at):
    unmount(at)


def calls_by(client):
    """The calls that the client mounted at `client` has made so far."""
    with open("/proc/self/mountstats", encoding="ascii") as file:
        stanza = file.read().split(f" mounted on {client} ", 1)[1].split("\ndevice ", 1)[0]
    counts = re.findall(r"^\s+[A-Z_0-9]+: (\d+) ", stanza.split("per-op statistics", 1)[1], re.MULTILINE)
    return sum(map(int, counts))


class FarMachine:
    """A network namespace: a client mounted from there is another machine to the server, and can be cut off.

    It has a name of its own: two clients of NFSv4 with one host name are one client that started anew, to the server,
    which then drops the locks of the first."""

    server = "10.9.0.1"
    enter = ("nsenter", "--net=/run/netns/far", "unshare", "--uts", "sh", "-ec", 'hostname far; exec "$@"', "sh")

    def __init__(self):
        run("modprobe", "veth")
        run("ip", "netns", "add", "far")
        run("ip", "link", "add", "near0", "type", "veth", "peer", "name", "far0", "netns", "far")
        run("ip", "address", "add", f"{self.server}/24", "dev", "near0")
        run(*self.enter, "ip", "address", "add", "10.9.0.2/24", "dev", "far0")
        run(*self.enter, "ip", "link", "set", "far0", "up")
        run(*self.enter, "ip", "link", "set", "lo", "up")
        self.connect("up")

    def connect(self, how):
        run("ip", "link", "set", "near0", how)

    def remove(self):
        run("ip", "link", "del", "near0")
        run("ip", "netns", "del", "far")


class Latency:
    """Each packet takes so many milliseconds longer, in both directions."""

    def __init__(self, milliseconds):
        self.delay = f"{milliseconds}ms"

    def __enter__(self):
        run("tc", "qdisc", "add", "dev", "lo", "root", "netem", "delay", self.delay, "limit", "20000")

    def __exit__(self, *_):
        run("tc", "qdisc", "del", "dev", "lo", "root")
