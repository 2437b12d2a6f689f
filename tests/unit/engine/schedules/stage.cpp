// SPDX-License-Identifier: MIT
#include "unit/engine/schedules/stage.hpp"

#include <cerrno>
#include <stdexcept>

#include "engine/digits.hpp"
#include "mailstate/engine/displaced.hpp"
#include "mailstate/model/layout_json.hpp"

namespace mailstate::schedules {

namespace {

constexpr const char* layout_text = R"({
  "name": "test", "version": 1, "state_dir": "/var/mail-state", "defaults": {},
  "entries": [
    { "name": "plain", "origin": "/var/lib/plain", "destination": "lib-plain" },
    { "name": "other", "origin": "/var/lib/other", "destination": "lib-other" },
    { "name": "known", "origin": "/var/lib/known", "destination": "lib-known" },
    { "name": "secret", "origin": "/etc/secret", "destination": "etc/secret", "kind": "file" } ] })";

constexpr std::array machine_letters = {"A", "B", "C", "Z"};
enum Who : std::size_t { third = 2, earlier = 3 };

void must(const Result<>& result)
{
    if (!result) throw std::runtime_error(describe(result.error()));
}

bool wants_no_destination(Act act)
{
    return act == Act::move || act == Act::adopt || act == Act::sweep || act == Act::careless;
}

bool is_apart(Act act)
{
    return act == Act::file || act == Act::in_place;
}

// On one entry where both can begin with the same destination, else each on one of its own.
std::array<Part, 2> parts_of(const std::array<Act, 2>& acts)
{
    const bool together = acts[0] == acts[1] || (!is_apart(acts[0]) && !is_apart(acts[1]) &&
                                                 wants_no_destination(acts[0]) == wants_no_destination(acts[1]));
    std::array<Part, 2> parts{Part{acts[0], "plain", ""}, Part{acts[1], together ? "plain" : "other", ""}};
    for (Part& part : parts)
        if (part.act == Act::file) part.entry = "secret";
    return parts;
}

PlanOptions only(const std::string& entry)
{
    PlanOptions options;
    options.only = {entry};
    return options;
}

Report apply_only(EngineWorld& world, const std::string& entry, bool adopt = false)
{
    ApplyOptions options;
    options.plan = only(entry);
    options.plan.adopt_mounts = adopt;
    return world.apply(options);
}

// As many as are asked for, alike each time; a run of one machine never gets those of another. The clock of names
// stands still: what sorts by the second would be in another order where a second passes in the middle of a run.
void name_digits(char machine)
{
    const auto source = [machine, count = 0]() mutable {
        std::string digits = std::to_string(++count);
        return std::string(1, static_cast<char>(machine - 'A' + 'a')).append(15 - digits.size(), '0') + digits;
    };
    set_names_of_this_thread({source, "2026-11-28T07:02:45Z"});
}

void kill_before_publishing(EngineWorld& world, const std::string& entry)
{
    bool killed = false;
    world.fake.set_hook([&](std::string_view call, std::string_view path) {
        killed = killed || (call == "renameat2" && path.find("/staging/" + entry + ".") != std::string_view::npos);
        return killed ? EIO : 0;
    });
    (void)apply_only(world, entry);
    world.fake.set_hook({});
}

void empty_files(FakeFilesystem& machine, const std::string& directory)
{
    const auto at = machine.reader().open(directory);
    if (!at) return;
    (void)machine.writer().append_line({*at, "seen"}, "by a careless run");
    (void)each_name(machine.reader(), *at,
                    [&](const std::string& name) { return machine.set_size(directory + "/" + name, 0); });
}

std::string displaced_whole(EngineWorld& world, const std::string& entry)
{
    std::vector<Finding> findings;
    const auto items = world.with_world([&](const World& all) { return *list_displaced(all, findings); });
    for (const DisplacedItem& item : items)
        if (item.entry == entry && item.whole) return item.id;
    for (const DisplacedItem& item : items)
        if (item.entry == entry) return item.id;
    return "";
}

void collect(const Reader& reader, const DirectoryRef& at, std::set<std::string>& found)
{
    (void)each_name(reader, at, [&](const std::string& name) -> Result<> {
        const Attributes item = TRY(reader.attributes({at, name}));
        if (item.kind == Kind::directory) collect(reader, TRY(reader.open_directory({at, name}, Cross::yes)), found);
        if (item.kind != Kind::regular) return {};
        std::string content = TRY(reader.read_file({at, name}, 1U << 20U));
        if (content.find(" of ") != std::string::npos && content.size() < 80) found.insert(std::move(content));
        return {};
    });
}

}  // namespace

std::string_view name_of(Act act)
{
    constexpr std::array names = {"move",  "keep",      "adopt",      "refresh", "file",    "place",
                                  "sweep", "roll back", "move again", "restore", "careless"};
    return names.at(static_cast<std::size_t>(act));
}

Stage::Stage(std::array<Act, 2> acts, Size size, VolumeTest test) : size_(size), test_(test), parts_(parts_of(acts))
{
    name_digits('Z');
    for (std::uint32_t machine = 0; machine < machine_letters.size(); ++machine) {
        worlds_.push_back(std::make_unique<EngineWorld>(machine + 1));
        EngineWorld& world = *worlds_.back();
        world.layout = *parse_layout("test.json", layout_text);
        for (const char* name : {"/var/lib/redis", "/var/lib/plain"}) world.remove(name);
        for (const char* name : {"/var/lib/plain", "/var/lib/other", "/var/lib/known", "/srv"})
            world.make_directory(name, Mode{0755}, {});
        for (const char* entry : {"plain", "other", "secret"}) fill(world, entry, machine_letters.at(machine));
        if (machine == 0) continue;
        must(world.fake.unmount("/var/mail-state"));
        must(world.fake.share(worlds_.front()->fake, "/var/mail-state", "/var/mail-state"));
    }
    (void)apply_only(*worlds_[earlier], "known");  // the volume is tested, and the workspace is there
    const bool adopted = acts[0] == Act::refresh || acts[1] == Act::refresh;
    for (const Part& part : parts_)
        if (!wants_no_destination(part.act) && !is_apart(part.act) && !adopted) populate(part.entry);
    const std::size_t begin = acts[1] == Act::refresh ? 1 : 0;  // before another fills the destination
    prepare(begin);
    prepare(1 - begin);
    precious_ = contents(machines());
}

std::string Stage::origin_of(const std::string& entry) const
{
    return entry == "secret" ? "/etc/secret" : "/var/lib/" + entry;
}

void Stage::fill(EngineWorld& world, const std::string& entry, const std::string& owner) const
{
    const std::string origin = origin_of(entry);
    if (entry == "secret") return world.write_file(origin, "secret of " + owner);
    world.write_file(origin + "/file", "file in " + entry + " of " + owner);
    if (size_ == Size::one_file) return;
    world.write_file(origin + "/only-" + owner, "only in " + entry + " of " + owner);
    world.write_file(origin + "/same", "same in " + entry + " of all");
    if (!world.exists(origin + "/sub")) world.make_directory(origin + "/sub", Mode{0750}, {});
    world.write_file(origin + "/sub/more", "more in " + entry + " of " + owner);
}

void Stage::populate(const std::string& entry)
{
    (void)apply_only(*worlds_[earlier], entry);
}

void Stage::prepare(std::size_t who)
{
    Part& part = parts_.at(who);
    EngineWorld& world = *worlds_[who];
    const std::string origin = origin_of(part.entry);
    const std::string owner = machine_letters.at(who);
    if (part.act == Act::adopt || part.act == Act::refresh) {
        must(world.fake.mount(origin, Mount{}));
        fill(world, part.entry, owner + "'s mount");
    }
    if (part.act == Act::refresh) {
        (void)apply_only(world, part.entry, true);
        fill(world, part.entry, owner + "'s mount since");
    }
    if (part.act == Act::in_place) {
        const std::string place = "/var/mail-state/lib-" + part.entry;
        if (!worlds_[earlier]->exists(place)) {
            worlds_[earlier]->make_directory(place, Mode{0755}, {});
            must(worlds_[earlier]->fake.mount(place, Mount{}));
            for (std::size_t other = 0; other < earlier; ++other)
                must(worlds_[other]->fake.share(worlds_[earlier]->fake, place, place));
        }
    }
    if (part.act == Act::sweep) kill_before_publishing(world, part.entry);
    if (part.act == Act::roll_back || part.act == Act::move_again || part.act == Act::restore)
        (void)apply_only(world, part.entry);
    if (part.act == Act::move_again || part.act == Act::restore) {
        RollbackOptions options;
        options.plan = only(part.entry);
        (void)world.roll_back(options);
        world.write_file(origin + "/file", "file since the roll back of " + owner);
    }
    if (part.act != Act::restore) return;
    (void)apply_only(world, part.entry);
    part.displaced = displaced_whole(world, part.entry);
}

std::vector<FakeFilesystem> Stage::machines() const
{
    return FakeFilesystem::copies({&worlds_[0]->fake, &worlds_[1]->fake, &worlds_[third]->fake});
}

void Stage::act(const World& world, FakeFilesystem& machine, const Part& part) const
{
    if (part.act == Act::careless) return empty_files(machine, "/var/mail-state/lib-" + part.entry);
    if (part.act == Act::roll_back) {
        RollbackOptions options;
        options.plan = only(part.entry);
        options.allow_in_use = true;
        (void)roll_back(world, machine.writer(), options);
    } else if (part.act == Act::restore) {
        RestoreOptions options;
        options.id = part.displaced;
        options.allow_in_use = true;
        (void)restore_displaced(world, machine.writer(), options);
    } else {
        ApplyOptions options;
        options.plan = only(part.entry);
        options.plan.adopt_mounts = part.act == Act::adopt || part.act == Act::refresh;
        (void)apply(world, machine.writer(), options);
    }
}

std::string Stage::run(FakeFilesystem& machine, int who) const
{
    const Part& part = parts_.at(static_cast<std::size_t>(who));
    const EngineWorld& model = *worlds_[static_cast<std::size_t>(who)];
    name_digits(*machine_letters.at(static_cast<std::size_t>(who)));
    Progress progress;
    const World world{machine.reader(), model.layout, model.settings, progress, model.stop, 1};
    try {
        act(world, machine, part);
    } catch (const std::exception& thrown) {
        return std::string(machine_letters.at(static_cast<std::size_t>(who))) + " threw " + thrown.what();
    }
    return "";
}

std::string Stage::run_third(FakeFilesystem& machine) const
{
    name_digits('C');
    const EngineWorld& model = *worlds_[third];
    Progress progress;
    const World world{machine.reader(), model.layout, model.settings, progress, model.stop, 1};
    ApplyOptions options;
    options.plan.only = {parts_[0].entry};
    if (parts_[1].entry != parts_[0].entry) options.plan.only.push_back(parts_[1].entry);
    options.version = "test";
    const Report report = mailstate::apply(world, machine.writer(), options);
    if (report.outcome == Outcome::done) return "";
    std::string text = "the third run ended with outcome " + std::to_string(static_cast<int>(report.outcome));
    for (const Finding& finding : report.findings)
        if (finding.severity == Severity::error) text += ": " + finding.code + ": " + finding.message;
    return text;
}

std::set<std::string> Stage::contents(const std::vector<FakeFilesystem>& machines) const
{
    std::set<std::string> found;
    for (const FakeFilesystem& machine : machines)
        for (const char* top : {"/var/lib", "/etc", "/var/mail-state"}) {
            const auto opened = machine.reader().open(top);
            if (opened) collect(machine.reader(), *opened, found);
        }
    return found;
}

}  // namespace mailstate::schedules
