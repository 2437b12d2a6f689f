// SPDX-License-Identifier: MIT
// How much of a sweep is made. A build with sanitizers is ten times slower and looks for mistakes with memory, which a
// sample finds as well; what an outcome is, the Release build asks of every call.
#pragma once

namespace mailstate {

#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool is_sanitized = true;
#elif defined(__has_feature)
inline constexpr bool is_sanitized = __has_feature(address_sanitizer);
#else
inline constexpr bool is_sanitized = false;
#endif

}  // namespace mailstate
