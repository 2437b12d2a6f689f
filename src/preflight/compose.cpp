// SPDX-License-Identifier: MIT
#include "preflight/compose.hpp"

#include <algorithm>

namespace mailstate {

namespace {

template <class Row>
const Row* find_named(const std::vector<Row>& rows, std::string_view name)
{
    const auto found = std::ranges::find(rows, name, &Row::name);
    return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const ComposeService* find_service(const Compose& compose, std::string_view name)
{
    return find_named(compose.services, name);
}

const ComposeVolume* find_volume(const Compose& compose, std::string_view name)
{
    return find_named(compose.volumes, name);
}

const ComposeSecret* find_secret(const Compose& compose, std::string_view name)
{
    return find_named(compose.secrets, name);
}

std::string variable_without_value(const Compose& compose, std::string_view where)
{
    const auto found = std::ranges::find(compose.without_value, where, &ComposeItem::where);
    return found == compose.without_value.end() ? "" : found->text;
}

std::string image_name(std::string_view image)
{
    image = image.substr(0, image.find('@'));
    const std::size_t slash = image.rfind('/'), colon = image.rfind(':');
    const bool has_tag = colon != std::string_view::npos && (slash == std::string_view::npos || colon > slash);
    return std::string(has_tag ? image.substr(0, colon) : image);
}

std::string image_tag(std::string_view image)
{
    image = image.substr(0, image.find('@'));
    const std::string name = image_name(image);
    return name.size() == image.size() ? "" : std::string(image.substr(name.size() + 1));
}

}  // namespace mailstate
