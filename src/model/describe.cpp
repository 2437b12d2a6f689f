// SPDX-License-Identifier: MIT
#include "mailstate/describe.hpp"

#include "mailstate/text.hpp"

namespace mailstate {

namespace {

struct Verb {
    const char* infinitive;
    const char* participle;
    const char* past;
};

Verb verb_of(Decision decision)
{
    switch (decision) {
        case Decision::in_place:
            return {"keep", "keeping", "kept"};
        case Decision::restore:
            return {"make again", "making again", "made again"};
        case Decision::link:
            return {"link", "linking", "linked"};
        case Decision::create:
            return {"make and link", "making and linking", "made and linked"};
        case Decision::move:
            return {"move", "moving", "moved"};
        case Decision::keep_destination:
            return {"link, keeping the destination's content,", "linking", "linked"};
        case Decision::prepare:
            return {"copy without a link", "copying without a link", "copied without a link"};
        case Decision::keep_unlinked:
            return {"keep without a link", "keeping without a link", "kept without a link"};
        case Decision::adopt:
            return {"adopt", "adopting", "adopted"};
        case Decision::refresh:
            return {"copy again", "copying again", "copied again"};
        case Decision::roll_back:
            return {"roll back", "rolling back", "rolled back"};
        case Decision::leave_alone:
            return {"leave alone", "leaving alone", "left alone"};
        case Decision::disabled:
            return {"pass over", "passing over", "passed over"};
    }
    return {"", "", ""};
}

std::string with_tense(const Verb& verb, Tense tense)
{
    switch (tense) {
        case Tense::would:
            return std::string("would ") + verb.infinitive;
        case Tense::doing:
            return verb.participle;
        case Tense::done:
            return verb.past;
    }
    return "";
}

}  // namespace

std::string describe(const PlanEntry& entry, Tense tense)
{
    const std::string verb = with_tense(verb_of(entry.decision), tense);
    const std::string origin = printable(entry.origin), destination = printable(entry.destination);
    switch (entry.decision) {
        case Decision::move:
        case Decision::link:
        case Decision::keep_destination:
        case Decision::adopt:
        case Decision::refresh:
        case Decision::prepare:
            return verb + " " + origin + " to " + destination;
        case Decision::roll_back:
            return verb + " " + destination + " to " + origin;
        case Decision::create:
            return verb + " " + destination + " at " + origin;
        case Decision::restore:
        case Decision::keep_unlinked:
            return verb + " " + destination;
        default:
            return verb + " " + origin;
    }
}

}  // namespace mailstate
