// SPDX-License-Identifier: MIT
// Images that a release of Mailu no longer has.
#include <algorithm>
#include <array>
#include <cctype>

#include "mailstate/base/text.hpp"
#include "preflight/mailu_rules.hpp"
#include "preflight/mailu_services.hpp"
#include "preflight/recognise.hpp"
#include "preflight/sightings.hpp"

namespace mailstate::mailu {

namespace {

struct GoneImage {
    std::string_view name, since, what, instead;
};

// By the folders of the tags and tests/build.hcl; docs/releases.rst. mailu/postgresql has a rule of its own.
constexpr std::array<GoneImage, 4> gone_images{{
    {"rmilter", "1.5", "Mailu no longer has an rmilter image", "Remove the service: Postfix asks Rspamd itself."},
    {"rainloop", "2.0", "rainloop ended with 1.9, and SnappyMail takes its place in the image webmail",
     "Use the image ghcr.io/mailu/webmail, and set WEBMAIL=snappymail."},
    {"roundcube", "2.0", "roundcube is now part of the image webmail",
     "Use the image ghcr.io/mailu/webmail, and set WEBMAIL=roundcube."},
    {"clamav", "2024.06", "Mailu no longer has a clamav image",
     "Use clamav/clamav-debian:1.4, with its data at /var/lib/clamav, as setup.mailu.io does."},
}};

constexpr std::string_view organisation_since = "2.0";

struct ImageTrouble {
    std::string_view since;
    std::string what, instead;
    Certainty counts = Certainty::no;
    bool has_older_tag = false;  // written out, of a release that has the image
};

bool is_from_docker_hub(const std::string& name)
{
    return name.starts_with("mailu/") || name.starts_with("docker.io/mailu/");
}

// Its own tag may be of a later release than the one that is asked about.
ImageTrouble image_trouble_since(const ComposeService& service, const Version& to, std::string_view since)
{
    const Version own = parse_version(System::mailu, follows_mailu_version(service) ? "" : image_tag(service.image));
    const bool is_later = is_known(own) && at_least(own, since) == Certainty::yes;
    return {since, "", "", is_later ? Certainty::yes : at_least(to, since), is_known(own) && !is_later};
}

ImageTrouble image_trouble(const ComposeService& service, const Version& to)
{
    const std::string name = image_name(service.image), base = base_name(name);
    if (base == "postgresql" || !is_image_of(System::mailu, service.image)) return {};
    ImageTrouble found;
    if (const auto* const gone = std::ranges::find(gone_images, base, &GoneImage::name); gone != gone_images.end()) {
        found = image_trouble_since(service, to, gone->since);
        found.what = gone->what;
        found.instead = gone->instead;
        if (found.counts == Certainty::yes) return found;
    }
    if (!is_from_docker_hub(name)) return found;
    ImageTrouble moved = image_trouble_since(service, to, organisation_since);
    moved.what = "the images are now at ghcr.io/mailu";
    moved.has_older_tag = false;  // it is the organisation that matters
    return moved.counts == Certainty::yes || found.counts == Certainty::no ? moved : found;
}

// Where the others follow MAILU_VERSION, an image with an older tag of its own is there, and stays what it is. Where
// all tags are written out, they are raised together.
bool stays_behind(const Evidence& evidence, const ImageTrouble& trouble)
{
    const auto follow = [](const ComposeService* each) { return follows_mailu_version(*each); };
    return trouble.has_older_tag && std::ranges::any_of(services(evidence), follow);
}

struct ImageKind {  // of trouble, at the first service that has it, with the names of all
    ImageTrouble trouble;
    std::string where;
    std::vector<std::string> services;
};

std::vector<ImageKind> kinds_of_trouble(const Evidence& evidence)
{
    std::vector<ImageKind> kinds;
    for (const ComposeService* const service : services(evidence)) {
        const ImageTrouble trouble = image_trouble(*service, evidence.to);
        if (trouble.counts == Certainty::no) continue;
        const auto same = [&](const ImageKind& kind) {
            return kind.trouble.what == trouble.what && kind.trouble.has_older_tag == trouble.has_older_tag;
        };
        auto found = std::ranges::find_if(kinds, same);
        if (found == kinds.end()) found = kinds.insert(kinds.end(), {trouble, service->image_where, {}});
        found->services.push_back(service->name + " (" + printable(service->written_image) + ")");
    }
    return kinds;
}

// A variable of the tag that nothing sets; empty: none.
std::string unset_tag(const ComposeService& service)
{
    const std::size_t dollar = service.written_image.rfind('$');
    if (!service.image.ends_with(':') || dollar == std::string::npos) return "";
    std::string name = service.written_image.substr(dollar + 1);
    if (name.starts_with('{')) name.erase(0, 1);
    const auto is_of_name = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
    name.erase(std::ranges::find_if_not(name, is_of_name), name.end());
    return name;
}

void look_at_tags(const Evidence& evidence, Sightings& seen)
{
    for (const ComposeService* const service : services(evidence)) {
        const std::string variable = unset_tag(*service);
        if (variable.empty() || !is_service_of(*evidence.compose, System::mailu, *service)) continue;
        seen.push_back(see(
            Severity::warning, service->image_where,
            {datum("variable", variable), " is not set, and Docker refuses the image ", datum("image", service->image)},
            "Set " + variable + " in .env beside the compose file; compose does not look for it in mailu.env."));
        return;
    }
}

// The page writes no mounts for overrides that are where 1.7 had them.
std::string made_anew(const Evidence& evidence)
{
    if (overrides_moved(evidence).empty()) return "";
    return "Move the overrides of Dovecot and Postfix first (mailu.overrides-moved), then regenerate the compose file "
           "at setup.mailu.io.";
}

}  // namespace

Sightings images(const Evidence& evidence)
{
    Sightings seen;
    look_at_tags(evidence, seen);
    for (const ImageKind& kind : kinds_of_trouble(evidence)) {
        const ImageTrouble& trouble = kind.trouble;
        Seen one = see(kind.where, {datum("trouble", trouble.what), ": ", datum("services", join(kind.services))},
                       trouble.instead.empty() ? made_anew(evidence) : trouble.instead);
        one.data.emplace("since", trouble.since);
        if (stays_behind(evidence, trouble)) {
            one.message += ": it stays at the release of its tag";
            one.severity = Severity::warning;
        }
        if (trouble.counts == Certainty::unknown)
            one.unknown = "this is so from " + std::string(trouble.since) + " on, and the version is not known";
        seen.push_back(std::move(one));
    }
    return seen;
}

}  // namespace mailstate::mailu
