// SPDX-License-Identifier: MIT
// A compose project of a few files in memory.
#pragma once

#include <gmock/gmock.h>

#include <map>

#include "preflight/compose_project.hpp"

namespace mailstate {

// What is expected of projects is written with these.
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

using FilesByPath = std::map<std::string, std::string>;

inline Result<Compose> try_project(const FilesByPath& files, ComposeRequest request, const Variables& environment = {})
{
    request.environment = &environment;
    request.read = [&](const std::string& path) -> Result<std::string> {
        const auto found = files.find(path);
        if (found == files.end()) return fail(text_error(path, "is not there"));
        return found->second;
    };
    return load_compose(request);
}

inline Compose load_project(const FilesByPath& files, const std::string& named = "/p/compose.yaml",
                            const Variables& environment = {})
{
    ComposeRequest request;
    request.file = request.shown = named;
    return try_project(files, request, environment).value();
}

inline std::string variable(const Compose& compose, const std::string& name, const std::string& service = "mail")
{
    const ComposeService* const found = find_service(compose, service);
    if (found == nullptr || !found->environment.contains(name)) return "(none)";
    return found->environment.at(name).value;
}

}  // namespace mailstate
