// SPDX-License-Identifier: MIT
// rename(2) as the kernel does it, in the kernel's order of refusals.
#include <cerrno>

#include "fake/fake_writer.hpp"

namespace mailstate {

namespace {

bool is_directory(const FakeNodeRef& node)
{
    return node->attributes.kind == Kind::directory;
}

bool holds(const FakeNode& directory, const FakeNode* inner)
{
    for (; inner != nullptr; inner = inner->parent) {
        if (inner == &directory) return true;
    }
    return false;
}

// What stands in the way of replacing one node by another: an errno, or 0.
int replacing(const FakeNodeRef& moved, const FakeNodeRef& old)
{
    if (is_directory(moved) && !is_directory(old)) return ENOTDIR;
    if (!is_directory(moved) && is_directory(old)) return EISDIR;
    return old->children.empty() ? 0 : ENOTEMPTY;
}

void hang(FakeState& state, FakeNode& directory, std::string_view name, const FakeNodeRef& node)
{
    --node->attributes.links;  // the name it left behind
    state.insert(directory, name, node);
}

}  // namespace

Result<> FakeWriter::rename(const Name& from, const Name& to, Replace replace)
{
    switch (replace) {
        case Replace::exchange:
            return rename(from, to, Renaming::exchange);
        case Replace::never:
            return rename(from, to, Renaming::as_the_kernel);
        case Replace::no:
            break;
    }
    return rename(from, to, Renaming::aside);
}

Result<> FakeWriter::replace(const Name& from, const Name& to, const Proof& proof)
{
    const auto held = state_->hold();
    TRY(check_proof("renameat2", to, proof));
    return rename(from, to, Renaming::over);
}

Result<> FakeWriter::rename(const Name& from, const Name& to, Renaming how)
{
    constexpr const char* call = "renameat2";
    const auto held = state_->hold();
    const std::string subject = from.path();
    TRY(may_write(call, from));
    TRY(check_fake_name(call, to));
    const FakePlace &source = place_of(from.at), &target = place_of(to.at);
    if (source.mount != target.mount) return fake_failure(EXDEV, call, subject);
    const FakeNodeRef moved = TRY(look_up(call, from)).node;
    const auto found = target.node->children.find(to.name);
    const FakeNodeRef old = found == target.node->children.end() ? nullptr : found->second;
    state_->client.looked_up(*target.node, to.name, old.get());
    const bool never_replaces = how == Renaming::aside || how == Renaming::as_the_kernel;
    const bool flags_refused = state_->quirks.no_rename_flags;
    if (old) state_->client.asked_if_empty(*old);
    const bool takes_empty = flags_refused && how == Renaming::aside && is_directory(moved);
    if (never_replaces && old && !(takes_empty && is_directory(old) && old->children.empty()))
        return fake_failure(EEXIST, call, to.path());
    if (how == Renaming::exchange && !old) return fake_failure(ENOENT, call, to.path());
    if (flags_refused && (how == Renaming::exchange || how == Renaming::as_the_kernel))
        return fake_failure(EINVAL, call, subject);
    if (flags_refused && how == Renaming::aside && !is_directory(moved)) {
        TRY(make_hard_link(from, to));  // link(2) never replaces
        TRY(state_->ask("unlinkat", subject));
        if (source.node->children.contains(from.name))
            state_->take_out(*source.node, from.name);  // or another was faster
        return {};
    }
    if (state_->is_mount_point(source, from.name) || (old && state_->is_mount_point(target, to.name))) {
        return fake_failure(EBUSY, call, subject);
    }
    if (is_directory(moved) && holds(*moved, target.node.get())) return fake_failure(EINVAL, call, subject);
    if (old == moved) return {};
    if (how == Renaming::exchange) {
        if (is_directory(old) && holds(*old, source.node.get())) return fake_failure(EINVAL, call, subject);
        hang(*state_, *source.node, from.name, old);
        hang(*state_, *target.node, to.name, moved);
        return {};
    }
    if (old) {
        const int number = replacing(moved, old);
        if (number != 0) return fake_failure(number, call, subject);
        state_->take_out(*target.node, to.name);
        old->parent = nullptr;
    }
    source.node->children.erase(source.node->children.find(from.name));
    state_->client.renamed(*source.node, from.name);
    state_->written(*source.node);
    hang(*state_, *target.node, to.name, moved);
    return {};
}

}  // namespace mailstate
