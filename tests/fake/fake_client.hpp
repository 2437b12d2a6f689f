// SPDX-License-Identifier: MIT
// One machine's part in a volume that several share: what it was answered, and, as on NFS, what it remembers.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "mailstate/fs/reader.hpp"

namespace mailstate {

struct FakeNode;

enum class FakeLook : bool { asks, opens };  // an open(2) is never answered from memory for what is gone

// What calls have come to of what is shared: nodes, names in directories and lists of names, each as a number. Rather
// too much than too little.
struct FakeReach {
    std::unordered_set<std::uint64_t> read, written;
    std::unordered_set<std::uint64_t> added_to;  // lists that got or lost a name; in which order makes no difference

    [[nodiscard]] bool is_nothing() const { return read.empty() && written.empty() && added_to.empty(); }
    // Could it make a difference to one of them that the other comes first?
    [[nodiscard]] bool meets(const FakeReach& other) const;
    void add(const FakeReach& other);
};

// With `forgetful` false this remembers, and answers with, the oldest state of a directory that a client may see: a
// name as it was when it was first looked at since the machine itself changed the directory, or opened it anew
// (close-to-open: nfs(5), "Directory entry caching"; 30 s by default, which is forever here).
struct FakeClient {
    std::set<std::uint64_t> devices;  // of what is shared
    bool forgetful = true;

    // All that the calls were answered, in order. Times of directories that everybody changes do not count, nor does
    // the time of the day in names and contents: runs that differ in nothing else are the same to a program.
    Digest history;
    FakeReach reach;  // since somebody emptied it

    void looked_up(const FakeNode& directory, std::string_view name, const FakeNode* found);
    void listed(const FakeNode& directory, const std::vector<std::string>& names);
    void saw(const FakeNode& node, const Attributes& attributes);
    void read(const FakeNode& node);
    void weighed(const FakeNode& node);  // its links or its place in the tree
    void asked_if_empty(const FakeNode& directory);
    void changed(const FakeNode& node);                              // its attributes
    void written(const FakeNode& node);                              // a file's content, or a name in a directory
    void renamed(const FakeNode& directory, std::string_view name);  // what is of that name now is another, or nothing

    // Null: nothing is remembered. A null node: remembered as free.
    const std::shared_ptr<FakeNode>* remembered(const FakeNode& directory, std::string_view name, FakeLook look);
    void remember(const FakeNode& directory, std::string_view name, std::shared_ptr<FakeNode> node);
    std::vector<std::string> names(const FakeNode& directory);
    void forget(const FakeNode& directory) { views_.erase(&directory); }
    void forget() { views_.clear(); }

private:
    void note(std::string_view text);
    enum class Thing : std::uint8_t { node, list, name };
    void reads(const FakeNode& node, Thing thing, std::string_view name = {});
    void writes(const FakeNode& node, Thing thing, std::string_view name = {});
    [[nodiscard]] bool is_shared(const FakeNode& node) const;

    struct View {
        std::map<std::string, std::shared_ptr<FakeNode>, std::less<>> names;
        bool is_listed = false;
        std::vector<std::string> listing;
    };
    std::map<const FakeNode*, View> views_;
};

// The text without the time of the day: each UTC time stamp in it is replaced by zeros.
std::string without_times(std::string_view text);

// Appends everything below a directory, as far as it can matter to a program; see FakeClient::history.
void add_tree(std::string& text, const FakeNode& node, std::string_view name);

}  // namespace mailstate
