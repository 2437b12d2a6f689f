// SPDX-License-Identifier: MIT
#include "engine/copy_fingerprint.hpp"

#include <atomic>

#include "engine/tree_walk.hpp"
#include "fs/digest.hpp"

namespace mailstate {

namespace {

Digest digest_of_content(const std::string& relative, const Attributes& item)
{
    std::string text = relative;
    text += '\0';
    text += name_of(item.kind);
    if (item.kind == Kind::regular)
        text += " " + std::to_string(item.size) + " " + std::to_string(item.mtime.seconds) + " " +
                std::to_string(item.mtime.nanoseconds);
    return digest_of(text);
}

// A sum, which does not depend on the order in which threads add to it.
class FingerprintSummer final : public PlainVisitor {
public:
    Result<Descend> visit(const Place& place, Nothing& /*context*/) override
    {
        if (place.attributes.kind != Kind::socket) add(place.relative(), place.attributes);
        return Descend::yes;
    }
    void add(const std::string& relative, const Attributes& item)
    {
        const Digest digest = digest_of_content(relative, item);
        high_ += digest.high;
        low_ += digest.low;
    }
    [[nodiscard]] std::string text() const { return to_text(Digest{high_, low_}); }

private:
    std::atomic<std::uint64_t> high_{0}, low_{0};
};

}  // namespace

Result<std::string> copy_fingerprint(const World& world, const Name& item)
{
    FingerprintSummer sum;
    const Attributes root = TRY(world.reader.attributes(item));
    sum.add("", root);
    if (root.kind != Kind::directory) return sum.text();
    const DirectoryRef directory = TRY(world.reader.open_directory(item, Cross::no));
    TRY(walk(world.reader, directory, Nothing{}, sum, {world.jobs, Cross::no, &world.stop}));
    return sum.text();
}

}  // namespace mailstate
