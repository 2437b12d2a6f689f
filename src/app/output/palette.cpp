// SPDX-License-Identifier: MIT
#include "app/output/palette.hpp"

namespace mailstate {

namespace {

std::string_view begin_of(Colour colour)  // ECMA-48: SGR
{
    switch (colour) {
        case Colour::plain:
            return "";
        case Colour::red:
            return "\x1b[31m";
        case Colour::yellow:
            return "\x1b[33m";
        case Colour::green:
            return "\x1b[32m";
        case Colour::blue:
            return "\x1b[34m";
        case Colour::grey:
            return "\x1b[90m";
    }
    return "";
}

}  // namespace

std::string painted(std::string_view text, Colour colour, Paint paint)
{
    if (paint == Paint::no || colour == Colour::plain) return std::string(text);
    return std::string(begin_of(colour)) + std::string(text) + "\x1b[0m";
}

Colour colour_of(Severity severity)
{
    switch (severity) {
        case Severity::note:
            return Colour::blue;
        case Severity::warning:
            return Colour::yellow;
        case Severity::error:
            return Colour::red;
    }
    return Colour::plain;
}

Colour colour_of(Decision decision)
{
    switch (decision) {
        case Decision::in_place:
        case Decision::keep_unlinked:
            return Colour::green;
        case Decision::disabled:
            return Colour::grey;
        case Decision::leave_alone:
            return Colour::yellow;
        default:
            return Colour::blue;
    }
}

}  // namespace mailstate
