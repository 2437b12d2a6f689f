// SPDX-License-Identifier: MIT
#include "unit/engine/schedules/explorer.hpp"

#include <deque>
#include <map>
#include <random>
#include <sstream>
#include <utility>

#include "fake/fake_client.hpp"
#include "fs/digest.hpp"
#include "unit/engine/schedules/duet.hpp"

namespace mailstate::schedules {

namespace {

constexpr std::string_view machine_names = "AB";

// Where a run is on the way that a schedule gives it.
class Follower {
public:
    explicit Follower(const Schedule& schedule) : schedule_(schedule), running_(schedule.first) {}

    [[nodiscard]] bool is_at_end() const { return at_ == schedule_.steps.size(); }
    void begins() { ++made_; }
    void turn()
    {
        ++at_;
        made_ = 0;
        running_ = 1 - running_;
    }
    // Who makes the next step?
    int next()
    {
        if (!is_at_end() && made_ == schedule_.steps[at_]) turn();
        return running_;
    }
    void ends()
    {
        if (!is_at_end()) turn();
    }

private:
    const Schedule& schedule_;
    std::size_t at_ = 0;
    int made_ = 0, running_;
};

// What was done until now, as a schedule.
struct Record {
    Schedule schedule;
    int running;

    explicit Record(int first) : schedule{first, {0}}, running(first) {}
    void begins(int who)
    {
        if (who != running) schedule.steps.push_back(0);
        running = who;
        ++schedule.steps.back();
    }
};

// All but who goes on.
std::string situation(Duet& duet)
{
    std::string text = to_text(duet.volume());
    for (int who : {0, 1}) text += to_text(duet.client(who).history) + std::to_string(duet.steps(who));
    return text;
}

Digest point_of(const std::string& situation, int next)
{
    return digest_of(situation + machine_names[static_cast<std::size_t>(next)]);
}

// What follows a point.
struct Point {
    int switches = 0;             // the fewest that led to it
    std::optional<Digest> next;   // after the step; nothing: the end of both runs
    std::optional<Digest> other;  // the same situation with the other going on, where a switch makes a difference
};

// A way that was not taken yet: the schedule, and the point that it leads to.
struct Way {
    Schedule schedule;
    Digest from, point;
};

// A switch before a step that reaches nothing which the other ever reaches (and would change, or see changed) is a
// switch after it. What the other reaches is known when all is explored: until then such ways are parked.
class ParkedWays {
public:
    // A step of one of the runs, and the way that a switch before it would be.
    void add(int who, Way way, const FakeReach& step) { parked_.push_back({who, std::move(way), step}); }
    void saw(int who, const FakeReach& step) { all_.at(static_cast<std::size_t>(who)).add(step); }
    [[nodiscard]] bool meets_the_other(int who, const FakeReach& step) const
    {
        return step.meets(all_.at(static_cast<std::size_t>(1 - who)));
    }

    // Those that matter after all.
    std::vector<Way> take()
    {
        std::vector<Way> taken;
        std::erase_if(parked_, [&](Parked& parked) {
            if (!meets_the_other(parked.who, parked.step)) return false;
            taken.push_back(std::move(parked.way));
            return true;
        });
        return taken;
    }

private:
    struct Parked {
        int who;
        Way way;
        FakeReach step;
    };
    std::vector<Parked> parked_;
    std::array<FakeReach, 2> all_;
};

// How many schedules a graph of points stands for.
class Count {
public:
    Count(const std::map<Digest, Point>& points, std::optional<int> limit) : points_(points), is_limited_(limit) {}

    // That begin with the step after a point.
    double after_step(const Digest& point, int switches)
    {
        const auto& next = points_.at(point).next;
        return next ? from(*next, switches) : 1;
    }

private:
    double from(const Digest& point, int switches)
    {
        const auto [known, is_new] = known_.try_emplace({point, switches}, 0);
        if (!is_new) return known->second;
        double count = after_step(point, switches);
        const auto& other = points_.at(point).other;
        if (other && (!is_limited_ || switches > 0)) count += after_step(*other, is_limited_ ? switches - 1 : 0);
        return known_[{point, switches}] = count;
    }

    const std::map<Digest, Point>& points_;
    bool is_limited_;
    std::map<std::pair<Digest, int>, double> known_;
};

class Explorer {
public:
    Explorer(const Stage& stage, const View& view, const Limits& limits) : stage_(stage), view_(view), limits_(limits)
    {
    }

    Exploration run()
    {
        const bool is_sample = limits_.runs < Limits().runs;
        for (const int first : {0, 1}) {
            const Digest beginning{0, static_cast<std::uint64_t>(first)};
            reached_[beginning];
            ways_.push_back({{first, {}}, {}, beginning});
        }
        std::mt19937 chance(14);
        for (; !ways_.empty() && result_.runs < limits_.runs; unpark()) {
            if (is_sample) std::swap(ways_.front(), ways_[chance() % ways_.size()]);
            const Way way = std::move(ways_.front());
            ways_.pop_front();
            take(way);
        }
        result_.is_whole = ways_.empty();
        result_.points = reached_.size();
        result_.ends = ended_.size();
        Count count(reached_, limits_.switches);
        for (const auto first : {std::uint64_t{0}, std::uint64_t{1}})
            result_.schedules += count.after_step(Digest{0, first}, limits_.switches.value_or(0));
        return std::move(result_);
    }

private:
    // One run of both machines.
    struct Run {
        Run(Explorer& explorer, const Way& its_way)
            : way(its_way),
              follower(way.schedule),
              record(way.schedule.first),
              switches(explorer.switches_of(way.schedule)),
              last(way.point),
              duet(explorer.stage_, explorer.view_, way.schedule.first,
                   [this, &explorer](int running) { return explorer.before_step(*this, running); })
        {
        }
        const Way& way;
        Follower follower;
        Record record;
        int switches;
        Digest last;                   // point
        std::optional<Way> other_way;  // before the step that is being made
        Duet duet;
    };

    void take(const Way& way)
    {
        if (reached_.at(way.point).switches < switches_of(way.schedule)) return;  // a schedule of fewer came there
        ++result_.runs;
        Run run(*this, way);
        run.duet.begins = [&run](const Step& step) {
            run.follower.begins();
            run.record.begins(step.who);
        };
        run.duet.ends = [this, &run](int who) { after_run(run, who); };
        run.duet.run();
        if (!run.duet.is_cut()) judge(run);
    }

    void judge(Run& run)
    {
        const bool is_new = ended_.insert(run.duet.volume()).second;
        const std::string wrong = run.duet.verdict(is_new);
        if (wrong.empty()) return;
        ++result_.losses;
        constexpr std::size_t some = 5;
        if (result_.first.size() < some) result_.first.push_back({run.record.schedule, wrong});
    }

    [[nodiscard]] int switches_of(const Schedule& schedule) const
    {
        return limits_.switches ? static_cast<int>(schedule.steps.size()) : 0;
    }

    int before_step(Run& run, int running)
    {
        if (run.duet.is_cut()) return running;
        settle(run, running);
        const bool was_on_the_way = !run.follower.is_at_end();
        const int next = run.follower.next();
        if (was_on_the_way && !run.follower.is_at_end()) return next;
        const std::string here = situation(run.duet);
        if (was_on_the_way && point_of(here, next) != run.way.point) ++result_.diverged;
        if (was_on_the_way || is_known(run, point_of(here, running))) return next;
        const bool may_switch = !limits_.switches || run.switches < *limits_.switches;
        if (may_switch && !run.duet.has_ended(1 - running))
            run.other_way = Way{run.record.schedule, point_of(here, running), point_of(here, 1 - running)};
        return next;
    }

    void after_run(Run& run, int who)
    {
        if (run.duet.is_cut()) return;
        settle(run, who);
        const bool was_on_the_way = !run.follower.is_at_end();
        run.follower.ends();
        if (!was_on_the_way && !run.duet.has_ended(1 - who))
            (void)is_known(run, point_of(situation(run.duet), 1 - who));
    }

    // A point that another schedule has come through, by as few switches: what follows is known.
    bool is_known(Run& run, const Digest& point)
    {
        reached_.at(run.last).next = point;
        run.last = point;
        const auto [known, is_new] = reached_.try_emplace(point);
        if (!is_new && known->second.switches <= run.switches) {
            run.duet.cut();
            return true;
        }
        known->second.switches = run.switches;
        return false;
    }

    // The step that began with the point before has ended.
    void settle(Run& run, int who)
    {
        const FakeReach step = std::exchange(run.duet.client(who).reach, {});
        std::optional<Way> way = std::exchange(run.other_way, std::nullopt);
        parked_.saw(who, step);
        if (!way) return;
        if (limits_.at_each_step || parked_.meets_the_other(who, step))
            add(std::move(*way));
        else
            parked_.add(who, std::move(*way), step);
    }

    void unpark()
    {
        if (!ways_.empty()) return;
        for (Way& way : parked_.take()) add(std::move(way));
    }

    void add(Way way)
    {
        reached_.at(way.from).other = way.point;
        const int switches = switches_of(way.schedule);
        const auto [known, is_new] = reached_.try_emplace(way.point);
        if (!is_new && known->second.switches <= switches) return;
        known->second.switches = switches;
        ways_.push_back(std::move(way));
    }

    const Stage& stage_;
    const View& view_;
    const Limits& limits_;
    Exploration result_;
    std::deque<Way> ways_;
    ParkedWays parked_;
    std::map<Digest, Point> reached_;
    std::set<Digest> ended_;  // volumes that a third run has seen
};

}  // namespace

std::string name_of(const View& view)
{
    constexpr std::array memories = {"", "A remembers", "B remembers", "both remember"};
    std::string text = view.no_rename_flags ? "no rename flags" : "plain";
    if (view.memory != Memory::none) text += std::string(", ") + memories.at(static_cast<std::size_t>(view.memory));
    return text;
}

std::string to_text(const Schedule& schedule)
{
    std::string text;
    int who = schedule.first;
    for (const int steps : schedule.steps) {
        text += std::string(1, machine_names[static_cast<std::size_t>(who)]) + " " + std::to_string(steps) + ", ";
        who = 1 - who;
    }
    return text + machine_names[static_cast<std::size_t>(who)];
}

Schedule from_text(const std::string& text)
{
    Schedule schedule;
    std::istringstream in(text);
    char who = 'A', comma = 0;
    int steps = 0;
    in >> who;
    schedule.first = who == 'B' ? 1 : 0;
    while (in >> steps >> comma >> who) schedule.steps.push_back(steps);
    return schedule;
}

Exploration explore(const Stage& stage, const View& view, const Limits& limits)
{
    return Explorer(stage, view, limits).run();
}

std::string play(const Stage& stage, const View& view, const Schedule& schedule, std::vector<std::string>& log)
{
    Follower follower(schedule);
    Duet duet(stage, view, schedule.first, [&](int /*running*/) { return follower.next(); });
    duet.begins = [&](const Step& step) {
        follower.begins();
        log.push_back(machine_names[static_cast<std::size_t>(step.who)] + (" " + step.call) + " " + step.path);
    };
    duet.ends = [&](int /*who*/) { follower.ends(); };
    duet.run();
    return duet.verdict(true);
}

}  // namespace mailstate::schedules
