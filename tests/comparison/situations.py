# SPDX-License-Identifier: MIT
"""What may befall who keeps mail, each made for one contender; what is seen afterwards is said in a few words, and what loses
data or harms is **bold**."""

import os
import signal
import stat
import subprocess
import time

from contenders import ENVIRONMENT, FSGROUP, MAILSTATE, ON_MISMATCH
from place import KEPT, REDIS, SPOOL, STRANGER, Place
from support import image, tree
from support.content import odd, write
from support.world import make_ext4, mount, unmount

SLOW = "fchown,fchownat,lchown,chown,utimensat"  # each file needs some of them
OLD_USERS = {"redis": 102, "postfix": 105}  # as an older image had them: others have these numbers now
OLD_GROUPS = {"redis": 105, "postdrop": 107}
FULL = 8 << 20


def place_for(contender, **options):
    return Place(mounted=not contender.moves, **options)


def moved(contender, **options):
    """A place after the contender's first start."""
    place = place_for(contender, **options)
    status = contender.start(place)
    if status:
        raise AssertionError(f"{contender.name}: the first start ends with {status}")
    return place


def ending(status):
    return "the start stops" if status else "the start goes on"


def shadow_after(contender, link):
    place = moved(contender)
    secret = f"{place.kept}/shadow" if link is os.link else f"{place.root}/etc/shadow"
    write(secret, "root's secret", mode=0o600)
    planted = f"{place.live()}/planted"
    if link is os.link:
        os.link(secret, f"{place.kept}/{KEPT[REDIS]}/planted")
    else:
        os.symlink("../../../etc/shadow", planted)
    place.give_away()
    if link is os.link:
        os.chown(secret, 0, 0)
    contender.start(place)
    seen = os.stat(secret)
    if (seen.st_uid, seen.st_gid, stat.S_IMODE(seen.st_mode)) == (0, 0, 0o600):
        return "kept for root"
    if seen.st_uid:
        return "**given to the service**"
    return "**opened to the group**" if seen.st_mode & 0o060 else "**its group changed**"


def planted_link(contender):
    return shadow_after(contender, os.symlink)


def planted_hard_link(contender):
    return shadow_after(contender, os.link)


def mounted_origin(contender):
    """A mount on /var/lib/redis, two starts, and the service writes between them."""
    place = place_for(contender)
    if contender.moves:
        os.mkdir(f"{place.disk}/mounted-{Place.made}", 0o750)
        source = f"{place.disk}/mounted-{Place.made}"
        write(f"{source}/dump.rdb", "on the mount", place.redis, 0o640)
        os.chown(source, *place.redis)
        place.bind(source, place.root + REDIS)
    else:
        source = place.live()
        write(f"{source}/dump.rdb", "on the mount", place.redis, 0o640)
    contender.start(place)
    emptied = place.served("dump.rdb") is None
    write(f"{place.live()}/since", "written since", place.redis, 0o640)
    contender.start(place)
    lost = not any(b"written since" in text for text in [*place.contents(), *read_all(source)])
    if lost:
        return "**mount emptied, later writes deleted**"
    return "**mount emptied; its data is on the volume, unused**" if emptied else "kept in place"


def read_all(top):
    for directory, _, names in os.walk(top):
        for name in names:
            if not os.path.islink(f"{directory}/{name}"):
                with open(f"{directory}/{name}", "rb") as file:
                    yield file.read()


def start_and_kill(contender, place, enough):
    """A start, slowed down, all of which is killed as soon as enough of it is done."""
    command = ["strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null", "-e", f"trace={SLOW}", "-e",
               f"inject={SLOW}:delay_enter=1000", *contender.commands(place, False)[0]]
    process = subprocess.Popen(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 60
    while not enough() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.002)
    if process.poll() is not None:
        raise AssertionError(f"{contender.name}: the moment to kill it was missed")
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def interrupted(contender, files=90):
    place = place_for(contender)
    for number in range(files):
        write(f"{place.live()}/n{number}", f"file {number} of all", place.redis, 0o640)
    if not contender.moves:
        place.give_away()

    def enough():
        if not contender.moves:
            return sum(os.lstat(path).st_gid != STRANGER for path in place.paths()) > files // 3
        return sum(name.startswith("n") for _, _, names in os.walk(place.kept) for name in names) > files // 3

    start_and_kill(contender, place, enough)
    status = contender.start(place)
    there = set(place.contents())
    lost = sum(f"file {number} of all".encode() not in there for number in range(files))
    served = all(place.served(f"n{number}") for number in range(files))
    right = all(os.stat(path).st_gid == place.redis[1] for path in place.paths())
    if lost:
        return "**files lost**"
    if status or not served:
        return f"nothing lost, {ending(status)}"
    return "finished by the next start" if right else "**some owners stay wrong**"


def populated(contender):
    """Both the container and the volume have state of Redis."""
    place = place_for(contender)
    kept = f"{place.kept}/{KEPT[REDIS]}"
    if contender.moves:
        os.mkdir(kept, 0o750)
        os.chown(kept, *place.redis)
        inside = place.root + REDIS
    else:  # what the container's layer has is below the mount
        unmount(place.root + REDIS)
        inside = place.root + REDIS
    for top, whose in ((kept, "volume's"), (inside, "container's")):
        write(f"{top}/dump.rdb", f"the {whose} dump", place.redis, 0o640)
        write(f"{top}/{whose[0]}.rdb", f"only the {whose}", place.redis, 0o640)
    if not contender.moves:
        mount("--bind", kept, inside)
    status = contender.start(place)
    served = place.served("dump.rdb")
    place.uncover()
    there = place.contents()
    lost = [whose for whose in ("volume's", "container's")
            if f"the {whose} dump".encode() not in there or f"only the {whose}".encode() not in there]
    if lost:
        return f"**{lost[0]} files lost**"
    if status or served != "the volume's dump":
        return f"both kept, {ending(status)}"
    return "volume's used, container's kept" if contender.moves else "volume's used, container's hidden"


def chown_refused(contender):
    """NFS with root_squash: what root creates belongs to nobody, and chown is refused."""
    place = Place()
    place.uncover()
    if not contender.moves:
        for origin in KEPT:
            subprocess.run(["cp", "-a", place.root + origin, f"{place.kept}/{KEPT[origin]}"], check=True)
            for path in tree.manifest(f"{place.kept}/{KEPT[origin]}", content=False):
                os.lchown(os.path.join(os.fsencode(f"{place.kept}/{KEPT[origin]}"), path), 65534, 65534)
    subprocess.run(["bindfs", "--chown-deny", "--chgrp-deny", "--create-for-user=65534", "--create-for-group=65534",
                    place.kept, place.state], check=True)
    place.mounts.append(place.state)
    if not contender.moves:
        for origin in KEPT:
            place.bind(f"{place.state}/{KEPT[origin]}", place.root + origin)
    status = contender.start(place)
    seen = os.stat(f"{place.live()}/dump.rdb") if place.served("dump.rdb") else None
    usable = seen is not None and (seen.st_uid == place.redis[0] or
                                   seen.st_gid == place.redis[1] and seen.st_mode & 0o060 == 0o060)
    place.uncover()
    if b"the dump" not in place.contents():
        return "**files lost**"
    if not usable:
        return "the start stops" if status else "**the start goes on, Redis locked out**"
    return f"Redis runs where it was, {ending(status)}" if contender.moves else ending(status)


def disk_full(contender):
    """Two starts on a volume that is too small."""
    volume = f"{Place.filesystem('disk')}/small-{Place.made}"
    make_ext4(volume, f"{FULL}", ("-O", "^has_journal", "-N", "1024"))
    try:
        place = place_for(contender, volume=volume)
        if contender.moves:
            for number in range(4):
                write(f"{place.root}{REDIS}/n{number}", os.urandom(FULL // 4) + b"end", place.redis, 0o640)
        else:
            for number in range(4):
                write(f"{place.live()}/n{number}", b"end", place.redis, 0o640)
            with open(f"{volume}/ballast", "wb", buffering=0) as ballast:
                try:
                    while ballast.write(bytes(1 << 20)):
                        pass
                except OSError:
                    pass
        first, second = contender.start(place), contender.start(place)
        there = [text for text in place.contents() if text.endswith(b"end")]
        served = all(os.path.isfile(f"{place.live()}/n{number}") for number in range(4))
        place.uncover()
    finally:
        unmount(volume)
    if len(set(there)) < 4 and contender.moves:
        return "**files lost at the second start**"
    if not served:
        return f"nothing lost, **Redis without them**, {ending(first or second)}"
    return f"Redis runs where it was, {ending(first or second)}" if contender.moves else "nothing to copy"


LOSSES = (("files", lambda was, now: was.kind != now.kind or was.content != now.content or was.rdev != now.rdev),
          ("holes", lambda was, now: spread(now) > 2 * spread(was) + 65536),
          ("ACLs", lambda was, now: acls(was) != acls(now)),
          ("attributes", lambda was, now: others(was) != others(now)),
          ("SUID and SGID", lambda was, now: (was.mode ^ now.mode) & 0o6000),
          ("modes", lambda was, now: (was.mode ^ now.mode) & 0o1777),
          ("times", lambda was, now: was.kind != "directory" and was.mtime_ns != now.mtime_ns))


def spread(node):
    return sum(end - start for start, end in node.data)


def acls(node):
    return [each for each in node.xattrs if each[0].startswith("system.posix_acl")]


def others(node):
    return [each for each in node.xattrs if not each[0].startswith("system.posix_acl")]


def oddities(contender):
    place = place_for(contender)
    odd(f"{place.live()}/odd", place.redis, place.users["amavis"])
    for path in place.paths():  # rsync takes times of one second for equal
        os.utime(path, ns=(image.MADE, image.MADE), follow_symlinks=False)
    if not contender.moves:
        place.give_away()
        subprocess.run(["chmod", "6755", f"{place.live()}/odd/special bits"], check=True)
    before = tree.manifest(f"{place.live()}/odd")
    contender.start(place)
    after = tree.manifest(f"{place.live()}/odd") if os.path.isdir(f"{place.live()}/odd") else {}
    lost = [name for name, differs in LOSSES
            if any(path not in after or differs(node, after[path]) for path, node in before.items())]
    if tree.hard_links(before) != tree.hard_links(after):
        lost.append("hard links")
    return f"**changes {', '.join(lost)}**" if lost else "keeps all"


def wrong_in_spool(place, to_number=lambda node: (node.uid, node.gid)):
    """The directories of the queue, and what is in them, that have another owner or other permissions than the image's."""
    fresh = Place()
    wanted, found, wrong = fresh.manifest(SPOOL, content=False), place.manifest(SPOOL, content=False), set()
    for path, node in wanted.items():
        if node.kind != "directory" or path not in found:
            continue
        if to_number(node) != (found[path].uid, found[path].gid) or (node.mode ^ found[path].mode) & 0o777:
            wrong.add(path.decode())
    fresh.uncover()
    return sorted(wrong), sum(node.kind == "directory" for node in wanted.values())


def told(wrong, count):
    if not wrong:
        return "all as Postfix's package has it"
    return f"**wrong: {'all' if len(wrong) == count else f'{len(wrong)} of {count}'} directories" + \
        (", `maildrop`**" if "maildrop" in wrong else "**")


def spool(contender):
    return told(*wrong_in_spool(moved(contender)))


def renumbered(contender):
    """State of an older image, in which Redis and Postfix had other numbers."""
    place = place_for(contender, users=OLD_USERS, groups=OLD_GROUPS)
    contender.start(place)
    if contender is not MAILSTATE:  # each start owns by the image's numbers, which were the old ones then
        forward = {image.USERS[name]: number for name, number in OLD_USERS.items()}
        forward_groups = {image.GROUPS[name]: number for name, number in OLD_GROUPS.items()}
        for origin in KEPT:
            for path in place.paths(origin):
                seen = os.lstat(path)
                os.lchown(path, forward.get(seen.st_uid, seen.st_uid), forward_groups.get(seen.st_gid, seen.st_gid))
                if not os.path.islink(path):
                    os.chmod(path, stat.S_IMODE(seen.st_mode))
    image.write_accounts(place.root)
    contender.start(place, renumbered=True)
    redis = image.USERS["redis"], image.GROUPS["redis"]
    files = [os.lstat(path) for path in place.paths()]
    if all((seen.st_uid, seen.st_gid) == redis for seen in files):
        right = "Redis right"
    elif all(seen.st_gid == redis[1] and seen.st_mode & 0o060 == 0o060 for seen in files):
        right = "Redis by its group"
    else:
        right = "**Redis wrong**"
    wrong, _ = wrong_in_spool(place)
    return f"{right}, {'**spool wrong**' if wrong else 'spool right'}"


def second_start(contender):
    place = moved(contender)
    written = what_is_written(contender, place)
    if contender is FSGROUP:
        return f"{written}; {what_is_written(ON_MISMATCH, place)} with OnRootMismatch"
    return written


def what_is_written(contender, place):
    before = {origin: place.manifest(origin, content=False) for origin in KEPT}
    contender.start(place)
    count = total = 0
    for origin, nodes in before.items():
        count += len(tree.untouched(nodes, place.manifest(origin, content=False)))
        total += len(nodes)
    if count == 0:
        return "writes nothing"
    return "**writes every file**" if count >= total * 9 // 10 else "writes some files"


def written_meanwhile(contender):
    """The service has a file open for appending, as Redis has its log, and writes before and after the start."""
    place = place_for(contender)
    path = f"{place.live()}/appendonly.aof"
    write(path, "before\n", place.redis, 0o640)
    service = subprocess.Popen(["sh", "-c", 'exec 3>>"$0"; echo; read line; echo acknowledged >&3', path],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    service.stdout.readline()
    status = contender.start(place)
    service.communicate(b"\n")
    if not any(b"acknowledged" in text for text in place.contents()):
        return "**what is written then is lost**"
    return f"nothing lost, {ending(status)}"


SITUATIONS = (
    ("a symbolic link to `/etc/shadow` planted in a service's directory", planted_link),
    ("a hard link to root's file planted there", planted_hard_link),
    ("a mount on the service's directory", mounted_origin),
    ("killed half way, started again", interrupted),
    ("volume and container both have files", populated),
    ("the volume refuses chown (root_squash)", chown_refused),
    ("the volume is too small", disk_full),
    ("links, holes, ACLs, attributes, special bits", oddities),
    ("Postfix's queue after a start", spool),
    ("users have other numbers in the new image", renumbered),
    ("a second start", second_start),
    ("the service writes meanwhile", written_meanwhile),
)
