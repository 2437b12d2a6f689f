// SPDX-License-Identifier: MIT
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>

#include "app/answers/refusal.hpp"
#include "app/cli/exit_code.hpp"
#include "app/files/files.hpp"
#include "app/output/findings_text.hpp"
#include "app/output/json.hpp"
#include "app/output/palette.hpp"
#include "engine/logger.hpp"
#include "fs/posix_filesystem.hpp"
#include "mailstate/base/excerpt.hpp"
#include "mailstate/base/text.hpp"
#include "preflight/places.hpp"
#include "preflight/sni.hpp"

namespace mailstate {

namespace {

const char* const default_postmap = "/usr/sbin/postmap";

std::string hostname_of(const Call& call)
{
    if (!call.options.hostname.empty()) return call.options.hostname;
    const auto found = call.environment.find("MAILCOW_HOSTNAME");
    return found == call.environment.end() ? "" : found->second;
}

// A compiled map has the keys, too. postmap gives it the mode of its input, but not where it is there already.
Result<> narrow(const std::string& compiled)
{
    if (::fchmodat(AT_FDCWD, compiled.c_str(), S_IRUSR | S_IWUSR, AT_SYMLINK_NOFOLLOW) == 0 || errno == ENOENT)
        return {};
    return fail(system_error("fchmodat", compiled));
}

// postmap runs as the owner of its input: of a file that is not root's it would skip root's keys, and exit with 0.
Result<> compile(const std::string& file)
{
    TRY(narrow(file + ".db"));
    const std::string map = "hash:" + file;
    const std::array<const char*, 4> arguments{"postmap", "-F", map.c_str(), nullptr};
    const ::pid_t child = ::fork();
    if (child < 0) return fail(system_error("fork", "postmap"));
    if (child == 0) {
        // Its words belong to the log, stdout to the answer.
        (void)::dup2(STDERR_FILENO, STDOUT_FILENO);
        ::execv(default_postmap, const_cast<char* const*>(arguments.data()));
        ::_exit(127);
    }
    int status = 0;
    while (::waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return fail(system_error("waitpid", "postmap"));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
    const bool absent = WIFEXITED(status) && WEXITSTATUS(status) == 127;
    return fail(text_error(default_postmap, absent ? "could not be started" : "failed on " + printable(file),
                           "Run it where Postfix is installed: postmap -F " + printable(map) + "."));
}

Json json_of(const SniMap& map)
{
    Json lines = Json::array();
    for (const SniLine& line : map.lines)
        lines.push_back({{"name", printable(line.name)},
                         {"key", printable(line.key)},
                         {"certificate", printable(line.certificate)}});
    return lines;
}

// The text has paths only, and Dovecot's tools read it as other users. postmap gives its output the mode of its input.
Result<> write_map(const Options& options, const std::string& text)
{
    if (options.out.empty()) return {};
    TRY(write_output_file(options.out, text, Mode{options.postmap ? 0600U : 0644U}));
    if (options.postmap) TRY(compile(options.out));
    return {};
}

Finding copies_keys(const Options& options, const SniMap& map)
{
    return make_finding("sni.copies-keys", options.out + ".db",
                        "it holds copies of the keys and certificates of " +
                            human_count(map.lines.size(), "line", "lines") + ": run this again after each renewal" +
                            (map.first_end == 0 ? "" : " (the first expires on " + utc_text(map.first_end) + ")"),
                        printable(options.out));
}

void log_finding(const Finding& finding)
{
    const std::string line = excerpt(finding.subject) + ": " + finding.message;
    if (finding.severity == Severity::error) return log_error(line);
    if (finding.severity == Severity::warning) return log_warn(line);
    log_info(line);
}

// One line for all that is left out: at a container's start the log stays short, however many folders are broken.
void log_left_out(const std::vector<Finding>& findings)
{
    constexpr std::size_t most = 5;
    std::string line;
    for (std::size_t i = 0; i < std::min(most, findings.size()); ++i)
        line +=
            (i == 0 ? "" : "; ") + excerpt(findings[i].subject) + ": " + findings[i].message.substr(left_out.size());
    if (findings.size() > most)
        line += "; and " + std::to_string(findings.size() - most) + " more, see mailstate sni --output json";
    if (!line.empty()) log_warn(std::string(left_out) + line);
}

void log_findings(const std::vector<Finding>& findings)
{
    std::vector<Finding> folders;
    for (const Finding& finding : findings)
        if (finding.code == "sni.left-out")
            folders.push_back(finding);
        else
            log_finding(finding);
    log_left_out(folders);
}

Answer answer(const Call& call, const SniMap& map, const std::string& text)
{
    const Options& options = call.options;
    const int exit_code = number_of(options.strict ? exit_code_of(worst(map.findings), Strict::yes) : ExitCode::done);
    if (options.output == Output::json) {
        Json json = json_answer("sni");
        json["exit_code"] = exit_code;
        json["findings"] = findings_json(map.findings);
        json["lines"] = json_of(map);
        return {exit_code, one_line(json)};
    }
    log_findings(map.findings);
    if (options.out.empty()) return {exit_code, text};
    return {exit_code, "sni: wrote " + human_count(map.lines.size(), "name", "names") + " to " +
                           printable(options.out) + (options.postmap ? " and compiled it" : "") + "\n"};
}

}  // namespace

Answer run_sni(const Call& call)
{
    const Options& options = call.options;
    if (options.postmap && (options.out.empty() || options.dovecot))
        return refused("sni", options, ExitCode::usage, "run.usage",
                       text_error("--postmap", "needs --out FILE and the format postfix", "Name the file to compile."));
    const Result<std::unique_ptr<Reader>> reader = make_posix_reader(Path(options.root));
    if (!reader) return refused("sni", options, ExitCode::blocked, "root.unusable", reader.error());
    const Result<DirectoryRef> directory = (*reader)->open(Path(options.certificates));
    if (!directory) return refused("sni", options, ExitCode::blocked, "sni.no-certificates", directory.error());

    const PlacedFiles files({{"/", reader->get(), "/"}});
    const std::string here = directory.value()->path().text();
    SniMap map = make_sni_map(read_certificates(files, here), hostname_of(call), here, std::time(nullptr));
    const std::string text = options.dovecot ? dovecot_text(map) : postfix_text(map);
    const Result<> written = write_map(options, text);
    if (!written) return refused("sni", options, ExitCode::blocked, "sni.not-written", written.error());
    if (options.postmap) map.findings.push_back(copies_keys(options, map));
    return answer(call, map, text);
}

}  // namespace mailstate
