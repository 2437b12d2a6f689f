// SPDX-License-Identifier: MIT
#include "mailstate/base/tree_path.hpp"

#include <atomic>
#include <vector>

#include "mailstate/base/noncopyable.hpp"

namespace mailstate {

struct TreePath::Node : private NonCopyable {
    Node(std::shared_ptr<const Node> above, std::string own, int level)
        : parent(std::move(above)), name(std::move(own)), depth(level)
    {
    }

    // Takes the chain apart in a loop: left to the pointers it would recurse once a level, and depth is chosen by
    // whoever made the tree.
    ~Node()
    {
        auto next = std::move(parent);
        while (next != nullptr && next.use_count() == 1) {
            std::atomic_thread_fence(std::memory_order_acquire);  // use_count() is a relaxed load
            auto above = std::move(next->parent);
            next = std::move(above);
        }
    }

    mutable std::shared_ptr<const Node> parent;  // null for the root; mutable for the destructor of the last child
    std::string name;
    int depth;
};

namespace {

std::string without_trailing_slashes(std::string path)
{
    while (path.size() > 1 && path.back() == '/') path.pop_back();
    return path;
}

void append_name(std::string& path, std::string_view name)
{
    if (!path.empty() && path.back() != '/') path += '/';
    path += name;
}

}  // namespace

TreePath::TreePath(std::string root)
    : node_(std::make_shared<const Node>(nullptr, without_trailing_slashes(std::move(root)), 0))
{
}

TreePath::TreePath(std::shared_ptr<const Node> node) : node_(std::move(node)) {}

TreePath TreePath::child(std::string_view name) const
{
    return TreePath(std::make_shared<const Node>(node_, std::string(name), node_->depth + 1));
}

std::string TreePath::relative() const
{
    std::vector<const std::string*> names;
    names.reserve(static_cast<std::size_t>(node_->depth));
    for (const auto* node = node_.get(); node->parent != nullptr; node = node->parent.get())
        names.push_back(&node->name);
    std::string path;
    for (auto name = names.rbegin(); name != names.rend(); ++name) append_name(path, **name);
    return path;
}

std::string TreePath::relative(std::string_view name) const
{
    auto path = relative();
    append_name(path, name);
    return path;
}

std::string TreePath::text() const
{
    const auto* root = node_.get();
    while (root->parent != nullptr) root = root->parent.get();
    auto path = root->name;
    if (depth() > 0) append_name(path, relative());
    return path;
}

std::string TreePath::text(std::string_view name) const
{
    auto path = text();
    append_name(path, name);
    return path;
}

int TreePath::depth() const
{
    return node_->depth;
}

}  // namespace mailstate
