// SPDX-License-Identifier: MIT
#include "engine/rollback_entry.hpp"

#include <cerrno>

#include "engine/copy_tree.hpp"
#include "engine/origin.hpp"
#include "engine/remove_tree.hpp"
#include "engine/rolled_back.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/fs/durability.hpp"

namespace mailstate {

namespace {

class EntryRollback {
public:
    EntryRollback(const RollbackRun& run, const Entry& entry, const ReturnSurvey& way, Name origin, Name from,
                  DirectoryRef beside)
        : run_(run),
          world_(run.world),
          writer_(run.writer),
          entry_(entry),
          way_(way),
          origin_(std::move(origin)),
          from_(std::move(from)),
          beside_(std::move(beside))
    {
    }

    Result<Done> execute()
    {
        Done done = TRY(stage());
        world_.progress.phase = "syncing";
        // The parent was opened before the first write: its descriptor sees every write-back error since.
        TRY(writer_.sync_filesystem(origin_.at));
        TRY(record_intent());
        const Result<> placed = put_in_place();
        if (!placed) {
            if (!placed_) withdraw_intent();
            return fail(placed.error());
        }
        placed_ = true;
        TRY(writer_.sync_directory(origin_.at));
        TRY(finish_rollback(world_, writer_, origin_));
        return done;
    }

    [[nodiscard]] bool is_placed() const { return placed_; }

private:
    Result<Done> stage()
    {
        world_.progress.phase = "copying";
        return entry_.kind == Kind::directory ? stage_directory() : stage_file();
    }

    Result<Done> stage_directory()
    {
        // The destination may be a mount of its own; what is mounted inside it is not the entry's.
        const DirectoryRef from = TRY(world_.reader.open_directory(from_, Cross::yes));
        const DirectoryRef to = TRY(writer_.make_directory({beside_, rollback_state}, Mode{0700}));
        CopyOptions options;
        Comparison how(run_.content);
        options.storage = how.storage = storage_names_of(way_);
        CopyTotals totals = TRY(copy_tree(world_, writer_, from, to, options));
        world_.progress.phase = "comparing";
        TRY(compare_trees(world_, from, to, Cross::no, how));
        return Done{totals.copied, {}, std::move(totals.sockets)};
    }

    Result<Done> stage_file()
    {
        const Attributes seen = TRY(world_.reader.attributes(from_));
        Done done;
        done.copied.files = 1;
        done.copied.bytes = TRY(
            copy_item(world_, writer_, {from_, seen}, {beside_, rollback_state}, durable_in(world_.reader, beside_)));
        const Attributes copy = TRY(world_.reader.attributes({beside_, rollback_state}));
        const Attributes again = TRY(world_.reader.attributes(from_));
        TRY(compare_items(world_, {from_, again}, {{beside_, rollback_state}, copy}, run_.content));
        return done;
    }

    // Both before the act. A kill between here and the exchange leaves a link, whatever the two say: it counts more.
    Result<> record_intent()
    {
        TRY(writer_.replace_file({beside_, rollback_record}, run_.workspace.run(), Mode{0600},
                                 TRY(Removal::own({beside_, rollback_record}))));
        TRY(writer_.sync_directory(origin_.at));
        before_unrecorded_ = run_.workspace.ledger.unrecorded;
        change_of(run_.workspace.ledger, entry_.name).after = Phase::rolled_back;
        auto& entries = run_.workspace.ledger.entries;
        if (const auto found = entries.find(entry_.name); found != entries.end()) before_ = found->second;
        LedgerEntry& record = entries[entry_.name];
        record.phase = Phase::rolled_back;
        record.adoption.reset();
        record.since = utc_now();
        record.rollback = run_.workspace.run();
        record.returned = way_.displaced.empty() ? std::nullopt : std::optional(way_.size.fingerprint);
        return run_.workspace.save_ledger();
    }

    void withdraw_intent()
    {
        auto& entries = run_.workspace.ledger.entries;
        if (before_)
            entries[entry_.name] = *before_;
        else
            entries.erase(entry_.name);
        run_.workspace.ledger.unrecorded = before_unrecorded_;
        (void)run_.workspace.save_ledger();  // the next apply sees a link, and records it as one
    }

    Result<> put_in_place()
    {
        const std::optional<Attributes> seen = TRY(find(world_.reader, origin_));
        if (!seen) return writer_.rename({beside_, rollback_state}, origin_, Replace::no);
        if (seen->kind != Kind::symlink) return no_link_any_more();
        Result<> exchanged = writer_.rename({beside_, rollback_state}, origin_, Replace::exchange);
        if (exchanged) return check_what_came_out();
        if (!exchange_is_refused(exchanged.error())) return exchanged;
        if (entry_.kind == Kind::regular)
            return writer_.replace({beside_, rollback_state}, origin_, TRY(Removal::own_link(world_.reader, origin_)));
        return put_in_place_of_link();
    }

    // Somebody may have put something else there after it was looked at: that is not ours to remove.
    Result<> check_what_came_out()
    {
        const Result<std::optional<Attributes>> old = find(world_.reader, {beside_, rollback_state});
        if (old && *old && (*old)->kind == Kind::symlink) return {};
        const Result<> back = writer_.rename({beside_, rollback_state}, origin_, Replace::exchange);
        placed_ = !back;  // then the record and the ledger have to go on saying so
        if (!back) return fail(back.error());
        return old ? Result<>(no_link_any_more()) : Result<>(fail(old.error()));
    }

    [[nodiscard]] Failure no_link_any_more() const
    {
        return fail(Error{EBUSY, "", origin_.path(), "is no longer a link",
                          "Another process works there; run 'mailstate rollback' again once it has ended."});
    }

    // Without an exchange the name is free for a moment. A kill there leaves an absent origin: rollback comes here
    // again, and apply links it.
    Result<> put_in_place_of_link()
    {
        const std::string text = TRY(world_.reader.read_link(origin_));
        TRY(writer_.remove_file(origin_, TRY(Removal::own_link(world_.reader, origin_, text))));
        Result<> placed = writer_.rename({beside_, rollback_state}, origin_, Replace::no);
        if (placed) return {};
        const Result<> linked = writer_.make_link(origin_, text);
        if (!linked) *run_.midway = true;
        return placed;
    }

    const RollbackRun& run_;
    const World& world_;
    Writer& writer_;
    const Entry& entry_;
    const ReturnSurvey& way_;
    Name origin_, from_;
    DirectoryRef beside_;
    std::optional<LedgerEntry> before_;
    std::vector<EntryChange> before_unrecorded_;
    bool placed_ = false;  // the origin is what was rolled back
};

}  // namespace

Result<Done> roll_back_entry(const RollbackRun& run, const Entry& entry, const ReturnSurvey& way)
{
    const Name origin = TRY(find_origin(run.world, entry));
    const Name from = TRY(find_returning(run.world, entry, way.displaced));
    TRY(remove_rollback(run.world, run.writer, origin));  // of a run that was cut off: the volume has all of it
    const DirectoryRef beside = TRY(run.writer.make_directory({origin.at, rollback_name(origin.name)}, Mode{0700}));
    EntryRollback rollback(run, entry, way, origin, from, beside);
    Result<Done> done = rollback.execute();
    if (!done && !rollback.is_placed()) (void)remove_rollback(run.world, run.writer, origin);  // else the next run does
    return done;
}

}  // namespace mailstate
