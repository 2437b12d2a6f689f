// SPDX-License-Identifier: MIT
// A host of a few files, of which evidence is collected as check collects it.
#pragma once

#include <gmock/gmock.h>

#include "fake/fake_filesystem.hpp"
#include "preflight/gather.hpp"
#include "preflight/gathering.hpp"
#include "preflight/rule.hpp"
#include "support/any_proof.hpp"

namespace mailstate {

// What is expected of findings is written with these.
using testing::AllOf;
using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::Not;

class HostWorld {
public:
    explicit HostWorld(System system)
    {
        sources_.system = system;
        sources_.environment = &environment_;
        sources_.settings = &environment_;
        sources_.inside = sources_.host = &fake_.reader();
    }

    HostWorld& file(const Path& path, std::string_view text)
    {
        DirectoryRef directory = fake_.reader().open("/").value();
        Path at = "/";
        for (const Path& part : path.parent_path().relative_path()) {
            (void)fake_.writer().make_directory({directory, part.string()}, Mode{0755});  // it may be there
            directory = fake_.reader().open(at /= part).value();
        }
        const auto written =
            fake_.writer().replace_file({directory, path.filename().string()}, text, Mode{0644}, any_proof());
        EXPECT_TRUE(written.has_value()) << path;
        return *this;
    }
    HostWorld& compose(std::string_view text)
    {
        sources_.compose_file = "/srv/docker-compose.yml";
        return file(sources_.compose_file, text);
    }
    Sources& sources() { return sources_; }
    std::string text(const std::string& path) { return read_named(fake_.reader(), path).value(); }
    Evidence evidence() { return gather(sources_).value(); }
    std::vector<Finding> judge() { return judge_rules(evidence()); }

private:
    FakeFilesystem fake_;
    Variables environment_;
    Sources sources_;
};

inline HostWorld mailu_host(std::string_view version)
{
    HostWorld host(System::mailu);
    host.sources().to = version;
    return host;
}

inline auto sure(std::string_view code, Severity severity)
{
    return AllOf(Field(&Finding::code, code), Field(&Finding::severity, severity),
                 Field(&Finding::message, Not(HasSubstr("unknown"))));
}

}  // namespace mailstate
