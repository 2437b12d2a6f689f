// SPDX-License-Identifier: MIT
#include "preflight/sni.hpp"

#include <algorithm>
#include <set>

#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"
#include "mailstate/model/finding_table.hpp"
#include "preflight/lines.hpp"

namespace mailstate {

namespace {

constexpr std::size_t longest_name = 253;
constexpr std::size_t most_left_out = 10;  // names of one folder that are reported one by one

CertificateFolder read_folder(const Files& files, const std::string& path)
{
    CertificateFolder folder{path, false, {}, {}};
    const auto chain = files.text(path + "/cert.pem"), key = files.text(path + "/key.pem");
    if (!chain || !key)
        folder.facts.problem = std::string(chain ? "key.pem" : "cert.pem") + " does not exist or cannot be read";
    else
        folder.facts = read_certificate(*chain, *key);
    return folder;
}

CertificateFolder unreadable_folder(const std::string& path, const std::string& problem)
{
    CertificateFolder folder{path, false, {}, {}};
    folder.facts.problem = problem;
    return folder;
}

// One that has a file "domains", or may have one: SELinux hides even the attributes of what it refuses.
std::optional<CertificateFolder> read_named_folder(const Files& files, const std::string& path)
{
    const auto facts = files.facts(path);
    if (facts && facts->kind != Kind::directory) return std::nullopt;
    if (!files.is_readable(path)) return unreadable_folder(path, "the folder cannot be read");
    const auto domains = files.text(path + "/domains");
    if (!domains) {
        const std::vector<std::string> names = files.names(path);
        if (std::ranges::find(names, "domains") == names.end()) return std::nullopt;
        return unreadable_folder(path, "its file domains cannot be read");
    }
    CertificateFolder folder = read_folder(files, path);
    folder.domains = parse_domains(*domains);
    if (folder.domains.empty()) folder.facts.problem = "its file domains is empty";
    return folder;
}

bool is_host_name(std::string_view name)
{
    const std::string_view bare = name.starts_with('.') ? name.substr(1) : name;
    return !bare.empty() && name.size() <= longest_name && bare.find("..") == std::string_view::npos &&
           bare.front() != '.' && std::ranges::all_of(bare, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
           });
}

// The name in the map, and the one that the certificate must have. "*.d" is looked up as ".d".
struct Names {
    std::string looked_up, covered;
};
Names names_of(const std::string& domain)
{
    const bool wildcard = domain.starts_with("*.");
    std::string ascii = to_a_labels(wildcard ? domain.substr(2) : domain);
    if (ascii.ends_with('.')) ascii.pop_back();
    if (ascii.empty()) return {};
    return wildcard ? Names{"." + ascii, "*." + ascii} : Names{ascii, ascii};
}

class Maker {
public:
    Maker(std::string_view seen_as, std::int64_t now) : seen_as_(seen_as), now_(now) {}

    void add(const CertificateFolder& folder, const std::string& directory, const std::vector<std::string>& domains)
    {
        const std::string trouble = trouble_of(folder);
        if (!trouble.empty()) return leave_out(folder.path, trouble);
        if (directory.find_first_of(" \t\n,") != std::string::npos)
            return leave_out(folder.path, "Postfix reads a blank or a comma in its path as the end of the name");
        names_left_out_ = 0;
        for (const std::string& domain : domains) add_name(folder, directory, domain);
        if (names_left_out_ > most_left_out)
            leave_out(folder.path,
                      human_count(names_left_out_ - most_left_out, "more name", "more names") + " of its file domains");
    }

    // Names of the default certificate that the map would give another one.
    void keep_default(const CertificateFolder& fallback, const std::string& directory)
    {
        if (!trouble_of(fallback).empty()) return;
        for (const std::string& own : fallback.facts.names) {
            const std::string name = names_of(own).looked_up;
            if (is_host_name(name) && is_below_wildcard(name)) add_line(fallback, directory, name);
        }
    }

    void leave_out(const std::string& subject, const std::string& why)
    {
        map_.findings.push_back(make_finding("sni.left-out", subject, std::string(left_out) + why));
    }

    SniMap take() { return std::move(map_); }

private:
    [[nodiscard]] std::string trouble_of(const CertificateFolder& folder) const
    {
        if (!folder.facts.problem.empty()) return folder.facts.problem;
        if (folder.facts.not_after < now_) return "the certificate expired on " + utc_text(folder.facts.not_after);
        if (folder.facts.not_before > now_)
            return "the certificate is valid only from " + utc_text(folder.facts.not_before) + " on";
        return "";
    }

    void leave_out_name(const std::string& subject, const std::string& why)
    {
        if (++names_left_out_ <= most_left_out) leave_out(subject, why);
    }

    void add_name(const CertificateFolder& folder, const std::string& directory, const std::string& domain)
    {
        const Names names = names_of(domain);
        if (!is_host_name(names.looked_up)) return leave_out_name(folder.path, excerpt(domain) + " is not a host name");
        if (!covers(folder.facts, names.covered))
            return leave_out_name(folder.path, "the certificate is not for " + excerpt(domain));
        add_line(folder, directory, names.looked_up);
    }

    void add_line(const CertificateFolder& folder, const std::string& directory, const std::string& name)
    {
        if (!known_.insert(name).second) return;
        map_.lines.push_back({name, directory + "/key.pem", directory + "/cert.pem"});
        if (map_.first_end == 0 || folder.facts.not_after < map_.first_end) map_.first_end = folder.facts.not_after;
    }

    // Postfix looks up a.b.d, then .b.d, then .d: a folder's *.d would be served for what only the default covers.
    [[nodiscard]] bool is_below_wildcard(const std::string& name) const
    {
        for (std::size_t dot = name.find('.', 1); dot != std::string::npos; dot = name.find('.', dot + 1))
            if (known_.contains(name.substr(dot))) return true;
        return false;
    }

    std::string seen_as_;
    std::int64_t now_;
    std::set<std::string> known_;
    std::size_t names_left_out_ = 0;  // of the folder that is being added
    SniMap map_;
};

// RFC 3492, with the parameters of IDNA.
struct Punycode {
    static constexpr std::uint32_t base = 36, t_min = 1, t_max = 26, skew = 38, damp = 700;

    static std::uint32_t adapted(std::uint32_t delta, std::uint32_t points, bool first)
    {
        delta = first ? delta / damp : delta / 2;
        delta += delta / points;
        std::uint32_t k = 0;
        for (; delta > (base - t_min) * t_max / 2; k += base) delta /= base - t_min;
        return k + (base - t_min + 1) * delta / (delta + skew);
    }

    static char digit(std::uint32_t value) { return static_cast<char>(value < 26 ? 'a' + value : '0' + (value - 26)); }

    static void append_number(std::string& text, std::uint32_t delta, std::uint32_t bias)
    {
        for (std::uint32_t k = base;; k += base) {
            const std::uint32_t t = k <= bias ? t_min : std::min(k - bias, t_max);
            if (delta < t) break;
            text += digit(t + (delta - t) % (base - t));
            delta = (delta - t) / (base - t);
        }
        text += digit(delta);
    }

    static std::string encoded(const std::u32string& label)
    {
        std::string text;
        for (const char32_t c : label)
            if (c < 0x80) text += static_cast<char>(c);
        std::uint32_t n = 0x80, delta = 0, bias = 72, done = static_cast<std::uint32_t>(text.size());
        const std::uint32_t basic = done;
        if (basic > 0) text += '-';
        while (done < label.size()) {
            char32_t next = 0x7fffffff;
            for (const char32_t c : label)
                if (c >= n) next = std::min(next, c);
            delta += (static_cast<std::uint32_t>(next) - n) * (done + 1);
            n = static_cast<std::uint32_t>(next);
            for (const char32_t c : label) {
                if (c < n) ++delta;
                if (c != n) continue;
                append_number(text, delta, bias);
                bias = adapted(delta, done + 1, done == basic);
                delta = 0;
                ++done;
            }
            ++delta;
            ++n;
        }
        return "xn--" + text;
    }
};

// UTF-8 into code points; nothing where it is none. Latin capital letters are folded, others stay as they are.
std::u32string code_points(std::string_view text)
{
    std::u32string points;
    while (!text.empty()) {
        const auto first = static_cast<unsigned char>(text.front());
        const std::size_t length = first < 0x80 ? 1 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
        if (length == 0 || length > text.size()) return {};
        char32_t point = length == 1 ? first : first & (0xffU >> (length + 1));
        for (std::size_t i = 1; i < length; ++i) {
            const auto next = static_cast<unsigned char>(text[i]);
            if ((next & 0xc0U) != 0x80) return {};
            point = point << 6U | (next & 0x3fU);
        }
        if (point >= 0xc0 && point <= 0xde && point != 0xd7) point += 0x20;
        points += point;
        text.remove_prefix(length);
    }
    return points;
}

std::string quoted(const std::string& path)
{
    return path.find_first_of(" \t#") == std::string::npos ? path : "\"" + path + "\"";
}

}  // namespace

std::string to_a_labels(std::string_view name)
{
    constexpr std::size_t longest_label = 63;
    std::string result;
    while (true) {
        const std::size_t dot = std::min(name.find('.'), name.size());
        const std::string_view label = name.substr(0, dot);
        const bool ascii = std::ranges::all_of(label, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
        const std::u32string points = ascii ? std::u32string() : code_points(label);
        if ((!ascii && points.empty()) || points.size() > longest_label) return "";
        const std::string written = ascii ? lower_case(label) : Punycode::encoded(points);
        if (written.size() > longest_label) return "";
        result += written;
        if (dot == name.size()) return result;
        result += '.';
        name.remove_prefix(dot + 1);
    }
}

std::vector<CertificateFolder> read_certificates(const Files& files, const std::string& directory)
{
    std::vector<CertificateFolder> folders;
    if (files.facts(directory + "/cert.pem") && files.facts(directory + "/key.pem")) {
        folders.push_back(read_folder(files, directory));
        folders.back().is_default = true;
    }
    for (const std::string& name : files.names(directory)) {
        std::optional<CertificateFolder> folder = read_named_folder(files, directory + "/" + name);
        if (folder) folders.push_back(std::move(*folder));
    }
    return folders;
}

// The host's line comes first, and from the default certificate: postmap keeps the first line of a name.
SniMap make_sni_map(const std::vector<CertificateFolder>& folders, std::string_view hostname, std::string_view seen_as,
                    std::int64_t now)
{
    Maker maker(seen_as, now);
    const std::string top(seen_as);
    const bool has_default = !folders.empty() && folders.front().is_default;
    if (has_default && !hostname.empty()) maker.add(folders.front(), top, {lower_case(hostname)});
    if (has_default && hostname.empty())
        maker.leave_out(top, "the host's name is not known: give it with --hostname, or set MAILCOW_HOSTNAME");
    if (!has_default) maker.leave_out(top, "the default cert.pem and key.pem are missing");
    for (const CertificateFolder& folder : folders)
        if (!folder.is_default) maker.add(folder, top + "/" + base_name(folder.path), folder.domains);
    if (has_default) maker.keep_default(folders.front(), top);
    return maker.take();
}

std::string postfix_text(const SniMap& map)
{
    std::string text;
    for (const SniLine& line : map.lines) text += line.name + "  " + line.key + " " + line.certificate + "\n";
    return text;
}

std::string dovecot_text(const SniMap& map)
{
    std::string text;
    for (const SniLine& line : map.lines)
        text += "local_name " + (line.name.starts_with('.') ? "*" + line.name : line.name) + " {\n  ssl_cert = <" +
                quoted(line.certificate) + "\n  ssl_key = <" + quoted(line.key) + "\n}\n";
    return text;
}

}  // namespace mailstate
