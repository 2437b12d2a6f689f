// SPDX-License-Identifier: MIT
#include "engine/hard_links.hpp"

namespace mailstate {

std::optional<std::string> HardLinks::first_copy(const Attributes& seen)
{
    const Inode inode{seen.device, seen.inode};
    std::unique_lock lock(mutex_);
    auto found = copies_.find(inode);
    while (found != copies_.end() && !found->second.relative) {
        changed_.wait(lock);
        found = copies_.find(inode);
    }
    if (found == copies_.end()) {
        copies_[inode] = {std::nullopt, seen.links - 1, seen};
        return std::nullopt;
    }
    std::string relative = *found->second.relative;
    if (--found->second.names_to_come == 0) copies_.erase(found);
    return relative;
}

void HardLinks::made(const Attributes& seen, std::string relative)
{
    const std::lock_guard lock(mutex_);
    copies_[{seen.device, seen.inode}].relative = std::move(relative);
    changed_.notify_all();
}

void HardLinks::failed(const Attributes& seen)
{
    const std::lock_guard lock(mutex_);
    copies_.erase({seen.device, seen.inode});
    changed_.notify_all();
}

std::vector<OutsideLink> HardLinks::with_names_outside()
{
    const std::lock_guard lock(mutex_);
    std::vector<OutsideLink> outside;
    for (const auto& [inode, copy] : copies_)
        if (copy.relative) outside.push_back({*copy.relative, copy.seen});
    return outside;
}

}  // namespace mailstate
