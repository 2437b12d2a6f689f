// SPDX-License-Identifier: MIT
// Explores the schedules of two runs: which of them makes the next call that changes something.
//
// A step of a run is one such call and all that it reads until the next; a schedule is the order of the steps of both.
// Each schedule is a run of everything from the start (threads cannot be copied), but schedules that have come to the
// same point go on alike from there, so only the first of them goes on. A point is: what each run was answered so far,
// how many steps each has made, what is on the volume, and which goes on. (A run is a function of its answers; times
// of the day, and of directories in which every run makes names, are no answers, see FakeClient.)
// Nor is there a switch before a step that reaches nothing of what the other reaches in any schedule: after it, it is
// the same (a persistent set, as Godefroid's "Partial-Order Methods for the Verification of Concurrent Systems" has
// it).
#pragma once

#include <optional>

#include "unit/engine/schedules/stage.hpp"

namespace mailstate::schedules {

// How each machine sees the volume.
enum class Memory { none, of_a, of_b, of_both };  // old states of directories: see FakeClient
struct View {
    bool no_rename_flags = false;
    Memory memory = Memory::none;
};
std::string name_of(const View& view);

struct Limits {
    std::optional<int> switches;    // nothing: as many as there are
    std::size_t runs = 10'000'000;  // of schedules: a sample by chance, alike each time, where there are more
    bool at_each_step = false;  // switches, also before steps that reach nothing of the other's: to try the explorer
};

struct Schedule {
    int first = 0;
    std::vector<int> steps;  // of the first, then of the other, and so on; after the last the next goes on to its end
};
std::string to_text(const Schedule& schedule);  // "A 12, B 3, A": A makes 12 steps, B 3, then A goes on to its end
Schedule from_text(const std::string& text);

struct Loss {
    Schedule schedule;
    std::string what;
};

struct Exploration {
    std::size_t runs = 0;      // schedules begun
    std::size_t points = 0;    // that they came through
    double schedules = 0;      // that these runs stand for; steps of which the other sees nothing do not count
    std::size_t ends = 0;      // different volumes after both runs
    std::size_t losses = 0;    // schedules run to the end with another end than the right one
    std::vector<Loss> first;   // some of them
    std::size_t diverged = 0;  // repeated a schedule and came to another point: the explorer's own mistake
    bool is_whole = true;
};

Exploration explore(const Stage& stage, const View& view, const Limits& limits);

// One schedule, and what is wrong after it; nothing where all is well. log: each step, for whoever looks for the cause.
std::string play(const Stage& stage, const View& view, const Schedule& schedule, std::vector<std::string>& log);

}  // namespace mailstate::schedules
