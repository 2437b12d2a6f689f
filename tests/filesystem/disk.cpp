// SPDX-License-Identifier: MIT
#include "filesystem/disk.hpp"

#include <sys/mount.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "support/mount_namespace.hpp"

namespace mailstate {

namespace {

constexpr int lower_areas = 120;  // more than there are tests

std::string mount_memory(const std::string& target)
{
    if (::mount("tmpfs", target.c_str(), "tmpfs", 0, "size=900m,mode=755") == 0) return {};
    return "mount tmpfs: " + std::string(std::strerror(errno));
}

// Its words go to the test's log.
bool run(const std::string& command)
{
    return std::system(command.c_str()) == 0;  // NOLINT(cert-env33-c,concurrency-mt-unsafe): a test's own words
}

}  // namespace

std::unique_ptr<Disk> Disk::make(DiskType type, std::string& reason)
{
    reason = enter_private_mount_namespace();
    if (!reason.empty()) return nullptr;
    std::unique_ptr<Disk> disk(new Disk);
    disk->scratch_.make_directory("images");
    disk->scratch_.make_directory("root/disk");
    reason = mount_memory(disk->scratch_.path("images"));
    if (reason.empty()) reason = disk->mount(type);
    return reason.empty() ? std::move(disk) : nullptr;
}

Disk::~Disk()
{
    (void)::umount2(scratch_.path("root/disk").c_str(), MNT_DETACH);  // the namespace ends with the process anyway
    (void)::umount2(scratch_.path("images").c_str(), MNT_DETACH);
}

std::string Disk::mount(DiskType type) const
{
    switch (type) {
        case DiskType::tmpfs:
            return mount_memory(scratch_.path("root/disk"));
        case DiskType::ext4:
            return mount_image("ext4");
        case DiskType::xfs:
            return mount_image("xfs");
        case DiskType::btrfs:
            return mount_image("btrfs");
        case DiskType::overlay:
            return mount_overlay();
    }
    return "unknown type";
}

std::string Disk::mount_image(const std::string& type) const
{
    const std::string image = scratch_.path("images/" + type);
    if (!run("truncate -s 400M '" + image + "'")) return "cannot make an image";
    if (!run("mkfs." + type + " -q '" + image + "' >/dev/null")) return "mkfs." + type + " is missing or fails";
    // mount(8) sets LO_FLAGS_AUTOCLEAR: the loop device is free when the mount has gone.
    if (!run("mount -t " + type + " -o loop '" + image + "' '" + scratch_.path("root/disk") + "'")) {
        return "cannot mount " + type + " by a loop device";
    }
    return {};
}

std::string Disk::mount_overlay() const
{
    for (int i = 1; i <= lower_areas; ++i) scratch_.make_directory("images/lower/area-" + std::to_string(i));
    scratch_.make_directory("images/lower/state");
    scratch_.make_file("images/lower/state/file", "of the lower layer");
    scratch_.make_directory("images/upper");
    scratch_.make_directory("images/work");
    const std::string images = scratch_.path("images");
    const std::string options =
        "redirect_dir=off,lowerdir=" + images + "/lower,upperdir=" + images + "/upper,workdir=" + images + "/work";
    if (::mount("overlay", scratch_.path("root/disk").c_str(), "overlay", 0, options.c_str()) == 0) return {};
    return "mount overlay: " + std::string(std::strerror(errno));
}

std::string Disk::new_area()
{
    const std::string area = "/disk/area-" + std::to_string(++areas_);
    if (::mkdir((root() + area).c_str(), 0755) == -1 && errno != EEXIST) {
        ADD_FAILURE() << "mkdir " << area << ": " << std::strerror(errno);
    }
    return area;
}

}  // namespace mailstate
