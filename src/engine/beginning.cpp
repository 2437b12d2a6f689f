// SPDX-License-Identifier: MIT
#include "engine/beginning.hpp"

namespace mailstate {

Result<bool> is_beginning(const Reader& reader, const Place& copy, const Place& whole)
{
    const std::uint64_t size = copy.attributes.size;
    if (size > whole.attributes.size) return false;
    return size == 0 ||
           TRY(reader.digest(copy, copy.attributes)) == TRY(reader.digest_of_beginning(whole, whole.attributes, size));
}

}  // namespace mailstate
