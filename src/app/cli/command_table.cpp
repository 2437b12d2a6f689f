// SPDX-License-Identifier: MIT
#include "app/cli/command_table.hpp"

#include <algorithm>

#include "mailstate/base/text.hpp"

namespace mailstate {

namespace {

// One sentence a line in the source, one paragraph in the help.
std::string sentences(std::string_view lines)
{
    std::string text(trim(lines));
    std::ranges::replace(text, '\n', ' ');
    return text;
}

const std::vector<CommandDesc>& rows()
{
    static const std::vector<CommandDesc> table{
        {Command::plan,
         "plan",
         "",
         "show what apply would do, and why; change nothing",
         sentences(R"(
Looks at the mounts, the volume and every entry of the layout, and prints what apply would do with each entry and why.
Changes nothing, not even a timestamp.
)"),
         {"mailstate plan", "mailstate plan --only redis,postfix-spool --output json",
          "mailstate plan --out tonight.json"},
         run_plan},
        {Command::apply,
         "apply",
         "[-- CMD ARG…]",
         "move the state onto the volume and link the old places to it",
         sentences(R"(
Copies each entry to the volume, compares and syncs the copy, publishes it with a rename, and links the old place to it.
Then sets owners and modes.
Anything that another process or the administrator has mounted is left alone and reported.
A second run changes nothing; the next run completes an interrupted one.
With -- CMD, mailstate can be a container's entrypoint: CMD takes the place of this process.
CMD is started only if mailstate succeeds (exit code 0), or with --keep-going.
)"),
         {"mailstate apply", "mailstate apply --dry-run", "mailstate apply --plan tonight.json --verify content",
          "mailstate apply --keep-going -- supervisord -n"},
         run_apply},
        {Command::verify,
         "verify",
         "",
         "check that everything matches the layout",
         sentences(R"(
Checks that every enabled entry is a link to an existing destination with the declared owners and modes, and that no run is unfinished.
Changes nothing.
)"),
         {"mailstate verify", "mailstate verify --strict --output json"},
         run_verify},
        {Command::rehearse,
         "rehearse",
         "",
         "try the whole upgrade on a clone of the real state, timed; the originals are only read",
         sentences(R"(
Clones the state that apply would work on to a scratch directory, and runs the upgrade there: apply, verify, apply again (which must change nothing), rollback, and a comparison with the beginning.
Then runs check, with --from and --to.
Reports what the real run would do, how long the first start and later ones take, how much space they need, what would be set aside, and what a clone cannot show.
Removes the scratch directory afterwards.
Exits with 3 if the real run would leave something undone.
)"),
         {"mailstate rehearse", "mailstate rehearse --to v15.0.0 --report tonight.html",
          "mailstate rehearse --sample 10000 --scratch /mnt/spare"},
         run_rehearse},
        {Command::rollback,
         "rollback",
         "",
         "put the state back where an older version looks for it",
         sentences(R"(
Copies entries from the volume to real directories and files at their origins, compares and syncs the copies, and exchanges each copy with its link.
The volume keeps its copy.
Stop the services first; afterwards start the version that does not know the volume.
In a container, the origins are in the container's own layer and are lost when it is recreated: start that version in the same container, or keep the volume.
The next apply moves the state to the volume again: it uses what the services wrote since, and sets the volume's older copy aside.
With --before, only entries that this run or a later one moved to the volume go back.
Does nothing while a service still has an entry open.
)"),
         {"mailstate rollback --dry-run", "mailstate rollback", "mailstate rollback --only redis --verify content",
          "mailstate rollback --before 12 --dry-run"},
         run_rollback},
        {Command::history,
         "history",
         "",
         "list the runs, and what each changed",
         sentences(R"(
Lists the runs that changed something on this volume, the newest last: the number of each, when and where it ran, what it did, and the state of each entry before and after.
Unreadable lines are reported by number and skipped.
Changes nothing.
)"),
         {"mailstate history", "mailstate history --limit 5", "mailstate history --only redis --output json"},
         run_history},
        {Command::displaced,
         "displaced",
         "list | restore ID | prune [ID…]",
         "list, restore or prune content that was set aside",
         sentences(R"(
apply and rollback keep the content that they replace in .mailstate/displaced on the volume.
list shows the items, and why they were set aside.
restore copies one item back: with --into to a new directory, otherwise to the entry's destination, whose content is set aside first.
prune removes the named items, those older than an age, or all, and prints how many bytes that frees.
)"),
         {"mailstate displaced list", "mailstate displaced restore 20261121T020635Z-redis --into /root/redis",
          "mailstate displaced restore 20261121T020635Z-redis --dry-run",
          "mailstate displaced prune --older-than 30d --dry-run"},
         run_displaced},
        {Command::check,
         "check",
         "",
         "find what an upgrade would break in the volume, the mounts and the configuration",
         sentences(R"(
Compares the volume, the process and the mounts with the needs of the layout, and the configuration with the rule book of docker-mailserver, Mailu or mailcow.
Prints the worst findings first.
On the host, before an upgrade, name the compose file and the new release.
Anything that cannot be determined is reported as unknown.
Changes nothing, except with --fix.
Inside the mail container, check never blocks the start, except with --strict.
)"),
         {"mailstate check", "mailstate check --compose docker-compose.yml --to v15.0.0",
          "mailstate check --system mailu --env-file mailu.env --to 2024.06.13",
          "mailstate check --compose docker-compose.yml --sender me@example.org", "mailstate check --list"},
         run_check},
        {Command::probe,
         "probe",
         "",
         "show the mounts, the volume and the process, and what they support",
         sentences(R"(
Prints what it finds without judging it, and changes nothing.
With --write-test, tests what the volume supports, in a scratch directory that it removes afterwards.
)"),
         {"mailstate probe", "mailstate probe --write-test", "mailstate probe --output json"},
         run_probe},
        {Command::seal,
         "seal",
         "",
         "record the pristine state of an image (when it is built)",
         sentences(R"(
Writes /usr/share/mailstate/seal.json, which records the image's own content at the origin of every entry.
With a seal, apply can tell a file that came with the image from one that a service wrote.
Run it as the last step of the image's build.
)"),
         {"RUN mailstate seal --layout docker-mailserver", "mailstate seal --root ./rootfs"},
         run_seal},
        {Command::sni,
         "sni",
         "",
         "print the TLS SNI map for the certificates on disk",
         sentences(R"(
Reads the default certificate and every folder with cert.pem, key.pem and domains, and writes which certificate is served for which name.
The map holds names and paths; Postfix reads it with tls_server_sni_maps = texthash:FILE.
Certificates that cannot be served (expired, with an encrypted or a different key, or for another name) are skipped and reported, because a wrong line is worse than none.
)"),
         {"mailstate sni --hostname mail.example.org", "mailstate sni --out /opt/postfix/conf/mailstate-sni.map",
          "mailstate sni --format dovecot --out /etc/dovecot/sni.conf"},
         run_sni},
        {Command::layout,
         "layout",
         "list | show LAYOUT|FILE | validate FILE",
         "list, show and validate layouts",
         sentences(R"(
A layout is a JSON file that declares where a mail system keeps its state, and who owns it.
To write your own, start from a built-in one.
)"),
         {"mailstate layout list", "mailstate layout show docker-mailserver > my-layout.json",
          "mailstate layout validate my-layout.json"},
         run_layout},
        {Command::explain,
         "explain",
         "CODE",
         "explain the code of a finding: meaning, cause, remedy",
         sentences(R"(
Prints what mailstate knows about a code: its meaning, the usual cause, the remedy, the messages of other programs that come with it, and where to read more.
The findings of all commands and the rules of check have codes.
With --list, lists all codes; with --symptom, finds those that match a line of a log.
Reads nothing from the system.
)"),
         {"mailstate explain origin.mounted", "mailstate explain --list",
          "mailstate explain --symptom 'Device or resource busy'"},
         run_explain},
        {Command::man,
         "man",
         "[PAGE]",
         "print a manual page",
         sentences(R"(
Prints a manual page in the format of man(7): mailstate (the default), mailstate-layout (the format of layouts) or mailstate-findings (all codes, with cause and remedy).
)"),
         {"mailstate man | man -l -", "mailstate man mailstate-findings | man -l -",
          "mailstate man > /usr/local/share/man/man1/mailstate.1"},
         run_man},
        {Command::completion,
         "completion",
         "bash|zsh|fish",
         "print a completion script for a shell",
         sentences(R"(
Prints a script that lets the Tab key complete commands, options and their values: keywords, layouts, entries, rules, files and directories.
)"),
         {"source <(mailstate completion bash)", "mailstate completion zsh > ~/.zfunc/_mailstate",
          "mailstate completion fish > ~/.config/fish/completions/mailstate.fish"},
         run_completion},
        {Command::help,
         "help",
         "[COMMAND]",
         "show this text, or the help of a command",
         sentences(R"(
Prints the list of commands and common options, or all options of one command.
The option of the same name does the same.
)"),
         {"mailstate help", "mailstate help apply"},
         run_help},
        {Command::version,
         "version",
         "",
         "show the version of this program",
         sentences(R"(
Prints the version of this program.
The option of the same name does the same.
)"),
         {"mailstate version", "mailstate version --output json"},
         run_version},
    };
    return table;
}

}  // namespace

std::span<const CommandDesc> command_table()
{
    return rows();
}

std::vector<std::string> command_names()
{
    std::vector<std::string> names;
    names.reserve(rows().size());
    for (const CommandDesc& command : rows()) names.emplace_back(command.name);
    return names;
}

const CommandDesc* find_command(std::string_view name)
{
    const auto found = std::ranges::find(rows(), name, &CommandDesc::name);
    return found == rows().end() ? nullptr : &*found;
}

}  // namespace mailstate
