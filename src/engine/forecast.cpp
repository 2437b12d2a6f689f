// SPDX-License-Identifier: MIT
#include "engine/forecast.hpp"

#include <algorithm>
#include <optional>

namespace mailstate {

double forecast(const std::vector<Lap>& laps, const Lap& rest)
{
    std::optional<double> shortest;
    for (const Lap& lap : laps)
        if (lap.scale <= 1) shortest = std::min(shortest.value_or(lap.seconds), lap.seconds);
    double total = rest.seconds * rest.scale;
    for (const Lap& lap : laps) {
        const double fixed = lap.scale <= 1 ? lap.seconds : std::min(shortest.value_or(0), lap.seconds);
        total += fixed + (lap.seconds - fixed) * lap.scale;
    }
    return total;
}

}  // namespace mailstate
