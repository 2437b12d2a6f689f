// SPDX-License-Identifier: MIT
// From Dovecot 2.3 to 2.4, and where its home moved.

#include "mailstate/base/text.hpp"
#include "preflight/dms_rules.hpp"
#include "preflight/dovecot_syntax.hpp"
#include "preflight/lines.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::dms {

namespace {

// The image's own list has quota and more; a list in its place drops them for every protocol, where 2.3 had put the
// global list into each protocol's before the override was read.
Seen old_syntax(const std::string& file, const OldSyntax& old)
{
    const std::string where = place_of(file, old.line);
    if (old.loads == Loads::no)
        return see(where, {datum("setting", old.what), " is syntax of Dovecot 2.3, and 2.4 does not start with it"});
    return see(
        Severity::warning, where,
        {datum("setting", old.what), " replaces the image's plugins, quota among them, in every protocol of 2.4"},
        "Write mail_plugins { NAME = yes } for each plugin that is to be added.");
}

void add_old_syntax(const std::string& file, std::string_view text, Few& few)
{
    for (const OldSyntax& old : old_dovecot_syntax(text)) few.add(old_syntax(file, old));
}

// user-patches.sh runs at each start, after the image's own files are in place.
void add_script(const std::string& file, std::string_view text, Few& few)
{
    for (const OldSyntax& old : old_dovecot_syntax_in_script(text)) few.add(old_syntax(file, old));
    for (const OldSyntax& old : old_dovecot_words_in_script(text))
        few.add(unless_known(
            see(place_of(file, old.line), {"a command on a file of Dovecot's names ", datum("setting", old.what),
                                           ", which is syntax of Dovecot 2.3"}),
            "the resulting file was not seen", "Run doveconf -n in a container of the new image."));
}

bool is_configuration(const std::string& path)
{
    return path.ends_with(".conf") || path.ends_with(".ext") || path.ends_with(".inc") || path.ends_with(".cf");
}

// A folder or a file in place of the image's own.
void look_at_mount(const Evidence& evidence, const MountFact& mount, Few& few, Sightings& unseen)
{
    const std::optional<FileFacts> facts = evidence.files ? evidence.files->facts(mount.target) : std::nullopt;
    if (facts && facts->kind == Kind::directory) {
        for (const std::string& name : evidence.files->names(mount.target))
            if (const auto text = evidence.files->text(mount.target + "/" + name); text && is_configuration(name))
                add_old_syntax(printable(mount.target + "/" + name), *text, few);
        return;
    }
    if (const auto text = facts ? evidence.files->text(mount.target) : std::nullopt) {
        if (is_configuration(mount.target)) add_old_syntax(printable(mount.target), *text, few);
        return;
    }
    const bool may_be = is_configuration(mount.target) || base_name(mount.target).find('.') == std::string::npos;
    if (may_be)
        unseen.push_back(
            unless_known(see(mount.where, {datum("mount", said(mount)), " may be a configuration for Dovecot 2.3"},
                             "Compare it with the new image's file, or remove the mount."),
                         "its content was not seen", "Check its content."));
}

}  // namespace

Sightings dovecot_24(const Evidence& evidence)
{
    Few few;
    Sightings unseen;
    if (const auto text = config_text(evidence, "dovecot.cf")) add_old_syntax("dovecot.cf", *text, few);
    if (const auto text = config_text(evidence, "user-patches.sh")) add_script("user-patches.sh", *text, few);
    for (const MountFact& mount : evidence.mounts)
        if (is_at_or_below("/etc/dovecot", mount.target) && !is_at_or_below("/etc/dovecot/ssl", mount.target))
            look_at_mount(evidence, mount, few, unseen);
    Sightings seen = few.take();
    seen.insert(seen.end(), unseen.begin(), unseen.end());
    return seen;
}

// Commands that work on what the image has no more.
Sightings protocols_d(const Evidence& evidence)
{
    Sightings seen;
    const auto text = config_text(evidence, "user-patches.sh");
    if (!text) return seen;
    for (const auto& [word, what] :
         {std::pair("dovecot/protocols.d", "the folder no longer exists"),
          std::pair("pyzor", "Pyzor is no longer in the image"), std::pair("razor", "Razor is no longer in the image")})
        if (const int line = line_with(*text, word); line > 0)
            seen.push_back(see(place_of("user-patches.sh", line), {datum("word", word), ": ", what}));
    return seen;
}

// A user's home was the folder of the mailbox, and is "home" in it from v13 on (PR #3335).
Sightings sieve_home(const Evidence& evidence)
{
    if (!evidence.files || at_least(evidence.from, "13.0.0") == Certainty::yes) return {};
    const std::string mail(mail_dir);
    Few few;
    for (const std::string& domain : evidence.files->names(mail))
        for (const std::string& user : evidence.files->names(mail + "/" + domain))
            for (const char* name : {".dovecot.sieve", "sieve"}) {
                const std::string folder = mail + "/" + domain + "/" + user;
                if (!evidence.files->facts(folder + "/" + name)) continue;
                if (evidence.files->facts(folder + "/home/" + name)) continue;
                few.add(printable(folder + "/" + name),
                        {"the Sieve script of ", datum("account", user + "@" + domain),
                         " is in the old home, which v13 and later do not read"},
                        "Move .dovecot.sieve and sieve/ into " + printable(folder) + "/home/.");
            }
    return unless_from_is_known(evidence, few.take());
}

}  // namespace mailstate::dms
