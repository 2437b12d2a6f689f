// SPDX-License-Identifier: MIT
#include "mailstate/model/settings.hpp"

#include <set>

#include "model/references.hpp"

namespace mailstate {
namespace {

class Defaults {
public:
    Defaults(const Layout& layout, Variables& values) : layout_(layout), values_(values) {}

    void fill_all()
    {
        for (const auto& [name, value] : layout_.defaults) (void)value_of(name);  // kept in values_
    }

private:
    // The effective value. A name that is asked for while its own default is made has none: parse_layout refuses such
    // circles, but a layout need not come from there.
    const std::string& value_of(std::string_view name)
    {
        auto& value = values_[std::string(name)];
        const auto declared = layout_.defaults.find(std::string(name));
        if (!value.empty() || declared == layout_.defaults.end() || !asked_.insert(declared->first).second)
            return value;
        return value = replaced(declared->second);
    }

    std::string replaced(const std::string& text)
    {
        const auto parts = split_references(text);
        if (!parts) return text;
        std::string result;
        for (const auto& part : *parts) result += part.is_reference ? std::string_view(value_of(part.text)) : part.text;
        return result;
    }

    const Layout& layout_;
    Variables& values_;
    std::set<std::string_view> asked_;
};

}  // namespace

Settings make_settings(const Layout& layout, const Variables& environment, const Variables& file)
{
    Settings settings{file};
    settings.values.insert(environment.begin(), environment.end());  // what the file says stays
    Defaults(layout, settings.values).fill_all();
    return settings;
}

}  // namespace mailstate
