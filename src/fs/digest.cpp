// SPDX-License-Identifier: MIT
#include "fs/digest.hpp"

#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <memory>
#include <new>

#include "posix/calls.hpp"

namespace mailstate {
namespace {

constexpr std::size_t digest_buffer_size = std::size_t{64}
                                           << 10U;  // measured: larger ones leave the cache and are slower
constexpr std::string_view prefix = "xxh128:";
constexpr std::size_t digits = 16;  // of each half

struct FreeState {
    void operator()(XXH3_state_t* state) const { (void)XXH3_freeState(state); }  // cannot fail
};

Digest digest_from(XXH128_hash_t hash)
{
    return {hash.high64, hash.low64};
}

bool parse_half(std::string_view text, std::uint64_t& half)
{
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), half, 16);
    return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

Result<Digest> digest_of(int fd, const std::string& subject, std::uint64_t bytes)
{
    const std::unique_ptr<XXH3_state_t, FreeState> state(XXH3_createState());
    if (state == nullptr) throw std::bad_alloc();
    (void)XXH3_128bits_reset(state.get());  // fails for a null state only; so does the update below
    const auto buffer = std::make_unique_for_overwrite<char[]>(digest_buffer_size);
    while (bytes > 0) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(bytes, digest_buffer_size));
        const auto count = retry([&] { return ::read(fd, buffer.get(), wanted); });
        if (count == -1) return fail(system_error("read", subject));
        if (count == 0) break;
        bytes -= static_cast<std::uint64_t>(count);
        (void)XXH3_128bits_update(state.get(), buffer.get(), static_cast<std::size_t>(count));
    }
    return digest_from(XXH3_128bits_digest(state.get()));
}

Digest digest_of(std::string_view bytes)
{
    return digest_from(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string to_text(const Digest& digest)
{
    std::array<char, 2 * digits + 1> text{};
    (void)std::snprintf(text.data(), text.size(), "%016llx%016llx", static_cast<unsigned long long>(digest.high),
                        static_cast<unsigned long long>(digest.low));
    return std::string(prefix) + text.data();
}

bool from_text(std::string_view text, Digest& digest)
{
    if (text.size() != prefix.size() + 2 * digits || text.substr(0, prefix.size()) != prefix) return false;
    text.remove_prefix(prefix.size());
    Digest parsed;
    if (!parse_half(text.substr(0, digits), parsed.high) || !parse_half(text.substr(digits), parsed.low)) return false;
    digest = parsed;
    return true;
}

void add_number(std::string& text, std::uint64_t number)
{
    text += std::to_string(number);
    text += ' ';
}

}  // namespace mailstate
