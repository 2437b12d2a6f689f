// SPDX-License-Identifier: MIT
#include "engine/tree_sum.hpp"

#include "fs/digest.hpp"

namespace mailstate {

namespace {

void add_time(std::string& text, const Timestamp& time)
{
    add_number(text, static_cast<std::uint64_t>(time.seconds));
    add_number(text, time.nanoseconds);
}

class Summer final : public PlainVisitor {
public:
    explicit Summer(TreeSum& sum) : sum_(sum) {}
    Result<Descend> visit(const Place& place, Nothing& /*context*/) override
    {
        sum_.add(place.relative(), place.attributes);
        return Descend::yes;
    }

private:
    TreeSum& sum_;
};

}  // namespace

void TreeSum::add(std::string_view relative, const Attributes& item)
{
    std::string text(relative);
    text += '\0';
    add_number(text, item.inode);
    add_number(text, item.kind == Kind::directory ? 0 : item.size);
    add_time(text, item.mtime);
    add_time(text, item.ctime);
    const Digest digest = digest_of(text);
    high_ += digest.high;
    low_ += digest.low;
}

Result<Digest> sum_of_tree(const World& world, const DirectoryRef& root)
{
    TreeSum sum;
    Summer summer(sum);
    TRY(walk(world.reader, root, Nothing{}, summer, {world.jobs, Cross::no}));
    return sum.result();
}

Digest sum_of_file(const Attributes& attributes)
{
    TreeSum sum;
    Attributes item = attributes;
    item.ctime = {};  // a rename moves it
    sum.add("", item);
    return sum.result();
}

}  // namespace mailstate
