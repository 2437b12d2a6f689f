// SPDX-License-Identifier: MIT
#include "engine/set_aside.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/displaced_name.hpp"

namespace mailstate {

namespace {

constexpr std::size_t trees_looked_in = 250;  // of an entry, the newest: each is a descriptor

// Names begin with the time, so the last are the newest.
Result<std::vector<std::string>> ids_with_manifest(const Reader& reader, const DirectoryRef& displaced)
{
    std::vector<std::string> ids;
    TRY(each_name(reader, displaced, [&](const std::string& name) -> Result<> {
        const std::string id = id_of_manifest(name);
        if (!id.empty()) ids.push_back(id);
        return {};
    }));
    std::ranges::sort(ids, std::greater<>());
    return ids;
}

}  // namespace

Result<DirectoryRef> counterpart(const Reader& reader, const Name& item)
{
    if (!item.at) return DirectoryRef();
    Result<DirectoryRef> opened = reader.open_directory(item, Cross::no);
    const bool none = !opened && (is_absent(opened.error()) || opened.error().number == EXDEV);
    return none ? Result<DirectoryRef>(DirectoryRef()) : opened;
}

Result<SetAside> SetAside::find(const Reader& reader, const DirectoryRef& displaced, const std::string& entry)
{
    SetAside found;
    if (!displaced) return found;
    for (const std::string& id : TRY(ids_with_manifest(reader, displaced))) {
        if (found.trees_.size() == trees_looked_in) break;
        if (entry_of_displaced(reader, displaced, id) != entry) continue;
        if (DirectoryRef tree = TRY(counterpart(reader, {displaced, id}))) found.add(std::move(tree));
    }
    return found;
}

Result<Survivors> survivors_below(const Reader& reader, const Survivors& above, const std::string& name)
{
    Survivors below{TRY(counterpart(reader, {above.kept, name})), {}, Names::changed};
    for (const DirectoryRef& tree : above.aside)
        if (DirectoryRef same = TRY(counterpart(reader, {tree, name}))) below.aside.push_back(std::move(same));
    return below;
}

}  // namespace mailstate
