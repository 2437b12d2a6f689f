// SPDX-License-Identifier: MIT
#include "unit/engine/engine_world.hpp"

#include <algorithm>
#include <stdexcept>

#include "engine/ledger_store.hpp"
#include "mailstate/model/layout_json.hpp"
#include "support/any_proof.hpp"

namespace mailstate {

namespace {

constexpr const char* layout_text = R"({
  "name": "test", "version": 1, "state_dir": "/var/mail-state", "defaults": {},
  "entries": [
    { "name": "redis", "origin": "/var/lib/redis", "destination": "lib-redis",
      "ownership": [ { "match": "**", "owner": "redis", "group": "redis" } ],
      "disposable": [ "*.tmp" ], "stale": [ "*.pid" ] },
    { "name": "plain", "origin": "/var/lib/plain", "destination": "lib-plain" },
    { "name": "secret", "origin": "/etc/secret", "destination": "etc/secret", "kind": "file" } ] })";

template <class T>
T must(Result<T> result)
{
    if (!result) throw std::runtime_error(describe(result.error()));
    return std::move(*result);
}

void must(const Result<>& result)
{
    if (!result) throw std::runtime_error(describe(result.error()));
}

void remove_below(const Reader& reader, Writer& writer, const DirectoryRef& at, const std::string& name)
{
    const auto found = must(find(reader, {at, name}));
    if (!found) return;
    if (found->kind != Kind::directory) return must(writer.remove_file({at, name}, any_proof()));
    const DirectoryRef directory = must(reader.open_directory({at, name}, Cross::no));
    std::vector<std::string> names;
    const auto listing = must(reader.list(directory));
    do {
        must(listing->next(names));
        for (const std::string& child : names) remove_below(reader, writer, directory, child);
    } while (!names.empty());
    must(writer.remove_directory({at, name}, any_proof()));
}

void collect(const Reader& reader, const DirectoryRef& at, const std::string& prefix,
             std::map<std::string, std::string>& tree)
{
    std::vector<std::string> names;
    const auto listing = must(reader.list(at));
    do {
        must(listing->next(names));
        for (const std::string& name : names) {
            const Attributes item = must(reader.attributes({at, name}));
            const std::string path = prefix + name;
            if (item.kind == Kind::directory) {
                tree[path + "/"];
                collect(reader, must(reader.open_directory({at, name}, Cross::yes)), path + "/", tree);
            } else if (item.kind == Kind::symlink) {
                tree[path] = "-> " + must(reader.read_link({at, name}));
            } else if (item.kind != Kind::regular) {
                tree[path] = name_of(item.kind);
            } else {
                tree[path] = must(reader.read_file({at, name}, 1U << 20U));
            }
        }
    } while (!names.empty());
}

}  // namespace

bool has_finding(const std::vector<Finding>& findings, const std::string& code)
{
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& found) { return found.code == code; });
}

EngineWorld::EngineWorld(std::uint32_t machine) : fake(machine), layout(must(parse_layout("test.json", layout_text)))
{
    make_directory("/etc", Mode{0755}, {});
    make_directory("/var", Mode{0755}, {});
    make_directory("/var/lib", Mode{0755}, {});
    make_directory("/var/mail-state", Mode{0755}, {});
    users_ = {{"root", 0}, {"redis", 101}};
    write_accounts();
    make_image_layer();
    must(fake.mount("/var/mail-state", Mount{}));
    FilesystemFacts facts;
    facts.type = "ext4";
    facts.source = "/dev/fake";
    facts.free_bytes = 1U << 30U;
    facts.free_inodes = 1'000'000;
    fake.set_facts("/var/mail-state", facts);
    fake.set_facts("/", facts);
}

void EngineWorld::make_image_layer()
{
    remove("/var/lib/redis");
    remove("/var/lib/plain");
    remove("/etc/secret");
    make_directory("/var/lib/redis");
    write_file("/var/lib/redis/dump.rdb", "precious");
    own("/var/lib/redis/dump.rdb", {Uid{0}, Gid{0}}, Mode{0640});  // for the ownership pass to put right
    make_directory("/var/lib/redis/sub");
    write_file("/var/lib/redis/sub/more", "more of it");
    make_directory("/var/lib/plain", Mode{02770}, {});
    write_file("/var/lib/plain/file", "plain");
    write_file("/etc/secret", "s3cret");
}

void EngineWorld::put_volume_on_root()
{
    must(fake.unmount("/var/mail-state"));
    is_on_root_ = true;
}

void EngineWorld::write_accounts()
{
    std::string passwd, group;
    for (const auto& [name, number] : users_) {
        passwd += name + ":x:" + std::to_string(number) + ":" + std::to_string(number) + "::/:\n";
        group += name + ":x:" + std::to_string(number) + ":\n";
    }
    write_file("/etc/passwd", passwd);
    write_file("/etc/group", group);
}

void EngineWorld::set_user(const std::string& name, std::uint32_t uid)
{
    users_[name] = uid;
    write_accounts();
}

DirectoryRef EngineWorld::parent_of(const std::string& path, std::string& name) const
{
    const std::size_t slash = path.rfind('/');
    name = path.substr(slash + 1);
    return must(fake.reader().open(slash == 0 ? "/" : path.substr(0, slash)));
}

void EngineWorld::write_file(const std::string& path, const std::string& content)
{
    std::string name;
    const DirectoryRef at = parent_of(path, name);
    must(fake.writer().replace_file({at, name}, content, Mode{0640}, any_proof()));
}

void EngineWorld::make_directory(const std::string& path, Mode mode, Owner owner)
{
    std::string name;
    const DirectoryRef at = parent_of(path, name);
    const DirectoryRef made = must(fake.writer().make_directory({at, name}, Mode{0700}));
    (void)must(fake.writer().change_ownership(made, must(fake.reader().attributes(made)), owner, mode));
}

void EngineWorld::make_link(const std::string& path, const std::string& text)
{
    std::string name;
    const DirectoryRef at = parent_of(path, name);
    must(fake.writer().make_link({at, name}, text));
}

void EngineWorld::make_hard_link(const std::string& path, const std::string& first)
{
    std::string name, first_name;
    const DirectoryRef at = parent_of(path, name), from = parent_of(first, first_name);
    must(fake.writer().make_hard_link({from, first_name}, {at, name}));
}

void EngineWorld::own(const std::string& path, Owner owner, Mode mode)
{
    std::string name;
    const DirectoryRef at = parent_of(path, name);
    (void)must(fake.writer().change_ownership({at, name}, must(fake.reader().attributes({at, name})), owner, mode));
}

void EngineWorld::remove(const std::string& path)
{
    std::string name;
    const DirectoryRef at = parent_of(path, name);
    remove_below(fake.reader(), fake.writer(), at, name);
}

World EngineWorld::world(Progress& progress)
{
    return {fake.reader(), layout, settings, progress, stop, jobs};
}

Report EngineWorld::apply(ApplyOptions options)
{
    Progress progress;
    options.version = "test";
    options.lock_timeout = std::chrono::milliseconds(10);
    options.plan.allow_unmounted = is_on_root_;
    return mailstate::apply(world(progress), fake.writer(), options);
}

Report EngineWorld::roll_back(RollbackOptions options)
{
    Progress progress;
    options.version = "test";
    options.lock_timeout = std::chrono::milliseconds(10);
    options.plan.allow_unmounted = is_on_root_;
    return mailstate::roll_back(world(progress), fake.writer(), options);
}

Plan EngineWorld::plan(const PlanOptions& wanted)
{
    Progress progress;
    PlanOptions options = wanted;
    options.allow_unmounted = is_on_root_;
    Survey survey = must(probe(world(progress), options));
    (void)survey_ownership(world(progress), survey, options);
    return make_plan(survey, layout, options);
}

std::vector<Finding> EngineWorld::verify()
{
    Progress progress;
    PlanOptions options;
    options.allow_unmounted = is_on_root_;
    return mailstate::verify(world(progress), options);
}

bool EngineWorld::exists(const std::string& path) const
{
    const std::size_t slash = path.rfind('/');
    const Result<DirectoryRef> at = fake.reader().open(slash == 0 ? "/" : path.substr(0, slash));
    return at && must(find(fake.reader(), {*at, path.substr(slash + 1)})).has_value();
}

Attributes EngineWorld::attributes(const std::string& path) const
{
    std::string name;
    const DirectoryRef at = parent_of(path, name);
    return must(fake.reader().attributes({at, name}));
}

std::string EngineWorld::read(const std::string& path) const
{
    std::string name;
    const DirectoryRef at = parent_of(path, name);
    return must(fake.reader().read_file({at, name}, 1U << 20U));
}

std::string EngineWorld::read_link(const std::string& path) const
{
    std::string name;
    const DirectoryRef at = parent_of(path, name);
    return must(fake.reader().read_link({at, name}));
}

std::string EngineWorld::newest_ledger() const
{
    const Result<DirectoryRef> workspace = fake.reader().open("/var/mail-state/.mailstate");
    const std::vector<std::uint64_t> numbers =
        workspace ? must(ledger_numbers(fake.reader(), *workspace)) : std::vector<std::uint64_t>();
    return numbers.empty() ? ""
                           : must(fake.reader().read_file({*workspace, ledger_name(numbers.back())}, ledger_limit));
}

std::map<std::string, std::string> EngineWorld::tree(const std::string& path) const
{
    std::map<std::string, std::string> tree;
    collect(fake.reader(), must(fake.reader().open(path)), "", tree);
    return tree;
}

}  // namespace mailstate
