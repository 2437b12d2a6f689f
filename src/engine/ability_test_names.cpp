// SPDX-License-Identifier: MIT
#include "engine/ability_test.hpp"
#include "engine/removal.hpp"

namespace mailstate {

namespace {

// An exchange as the link of an origin needs it: a directory against a link.
Result<Verdict> test_renaming(const Bench& bench, const std::string& name, Replace replace)
{
    const Name from = bench.named("from-" + name), to = bench.named("to-" + name);
    (void)TRY(bench.writer.make_directory(from, Mode{0700}));
    if (replace == Replace::exchange) TRY(bench.writer.make_node(to, Kind::regular, 0));
    TRY(bench.writer.rename(from, to, replace));
    const bool moved = TRY(bench.reader.attributes(to)).kind == Kind::directory;
    const bool gone = !TRY(find(bench.reader, from));
    return verdict_of(moved && gone == (replace != Replace::exchange));
}

Result<Verdict> test_node(const Bench& bench, const char* name, Kind kind)
{
    TRY(bench.writer.make_node(bench.named(name), kind, 0));
    return verdict_of(TRY(bench.reader.attributes(bench.named(name))).kind == kind);
}

}  // namespace

Result<Verdict> test_symlink(const Bench& bench, Capabilities& /*found*/)
{
    TRY(bench.writer.make_link(bench.named("link"), "/to/nowhere"));
    return verdict_of(TRY(bench.reader.read_link(bench.named("link"))) == "/to/nowhere");
}

// By what is in them: FUSE may give each name an inode number of its own (bindfs).
Result<Verdict> test_hard_link(const Bench& bench, Capabilities& /*found*/)
{
    const Name file = bench.named("file"), hard = bench.named("hard");
    TRY(bench.writer.make_hard_link(file, hard));
    TRY(bench.writer.append_line(hard, "by the other name"));
    TRY(bench.writer.remove_file(hard, TRY(Removal::own(hard))));
    return verdict_of(TRY(bench.reader.read_file(file, 64)) == "by the other name\n");
}

Result<Verdict> test_rename(const Bench& bench, Capabilities& /*found*/)
{
    const Name from = bench.named("from"), to = bench.named("to");
    (void)TRY(bench.writer.make_directory(from, Mode{0700}));
    TRY(bench.writer.replace(from, to, TRY(Removal::own(to))));
    const bool moved = TRY(bench.reader.attributes(to)).kind == Kind::directory;
    return verdict_of(moved && !TRY(find(bench.reader, from)));
}

Result<Verdict> test_noreplace(const Bench& bench, Capabilities& /*found*/)
{
    return test_renaming(bench, "noreplace", Replace::never);
}

Result<Verdict> test_exchange(const Bench& bench, Capabilities& /*found*/)
{
    return test_renaming(bench, "exchange", Replace::exchange);
}

Result<Verdict> test_fifo(const Bench& bench, Capabilities& /*found*/)
{
    return test_node(bench, "fifo", Kind::fifo);
}

Result<Verdict> test_socket(const Bench& bench, Capabilities& /*found*/)
{
    return test_node(bench, "socket", Kind::socket);
}

Result<Verdict> test_case(const Bench& bench, Capabilities& /*found*/)
{
    (void)TRY(make_plain(bench, "Case"));
    return TRY(find(bench.reader, bench.named("cASE"))) ? Verdict::folds : Verdict::yes;
}

}  // namespace mailstate
