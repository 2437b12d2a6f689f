// SPDX-License-Identifier: MIT
// TreePath: the place of a directory, as a chain of names. It costs no descriptor and one small node per level, so a
// message can still name a path of 4,096 levels, longer than PATH_MAX.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace mailstate {

class TreePath {
public:
    explicit TreePath(std::string root = "/");  // the root may hold slashes: "/var/lib/redis"

    [[nodiscard]] TreePath child(std::string_view name) const;
    [[nodiscard]] std::string text() const;                           // the whole path
    [[nodiscard]] std::string text(std::string_view name) const;      // the path of a name in it
    [[nodiscard]] std::string relative() const;                       // without the root: "" for the root itself
    [[nodiscard]] std::string relative(std::string_view name) const;  // "a/b/name"
    [[nodiscard]] int depth() const;                                  // 0 for the root

private:
    struct Node;
    explicit TreePath(std::shared_ptr<const Node> node);
    std::shared_ptr<const Node> node_;
};

}  // namespace mailstate
