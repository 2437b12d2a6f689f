// SPDX-License-Identifier: MIT
#include "app/command_table.hpp"

#include <algorithm>

namespace mailstate {

namespace {

const std::vector<CommandDesc>& rows()
{
    static const std::vector<CommandDesc> table{
        {Command::plan,
         "plan",
         "",
         "what apply would do, and why; changes nothing",
         "Looks at the mounts, the volume and every entry of the layout, and says what apply would do with each and "
         "why. "
         "Nothing is changed, not even a time stamp.",
         {"mailstate plan", "mailstate plan --only redis,postfix-spool --output json",
          "mailstate plan --out tonight.json"},
         run_plan},
        {Command::apply,
         "apply",
         "[-- CMD ARG…]",
         "bring the state onto the volume and link the old places to it",
         "Copies each entry to the volume, compares, syncs, publishes it with a rename and links the old place to it. "
         "Then owners and modes are put right. What is mounted by somebody else is left alone and said. A second run "
         "changes nothing; a run that was cut off is finished by the next. CMD takes the place of this process when "
         "all is "
         "done, so that mailstate can be a container's entrypoint; after any other exit code than 0 it is not started.",
         {"mailstate apply", "mailstate apply --dry-run", "mailstate apply --plan tonight.json --verify content",
          "mailstate apply --keep-going -- supervisord -n"},
         run_apply},
        {Command::verify,
         "verify",
         "",
         "is everything as the layout promises",
         "Checks that every enabled entry is a link to a present destination with the declared owners and modes, and "
         "that no run is unfinished. Changes nothing.",
         {"mailstate verify", "mailstate verify --strict --output json"},
         run_verify},
        {Command::rehearse,
         "rehearse",
         "",
         "the whole upgrade on a clone of the real state, timed; the originals are only read",
         "Clones what apply would work at to a scratch directory, and does there what the upgrade does: apply, verify, "
         "apply again (which must change nothing), roll back, and a comparison with the beginning. Then check, with "
         "--from and --to. Says what would be done, how long the first start and later ones take, what room that "
         "needs, "
         "what is set aside, and what a clone cannot show. The scratch is gone afterwards. Exits with 3 where the real "
         "run would leave something undone.",
         {"mailstate rehearse", "mailstate rehearse --to v15.0.0 --report tonight.html",
          "mailstate rehearse --sample 10000 --scratch /mnt/spare"},
         run_rehearse},
        {Command::rollback,
         "rollback",
         "",
         "put the state back where an older version looks for it",
         "Copies entries from the volume to real directories and files at their origins, compares, syncs, and "
         "exchanges "
         "each with its link. The volume keeps its copy. Do it with the services stopped, then start the version that "
         "knows nothing of the volume. The next apply goes back to the volume: what was written since is the newer "
         "then, and what the volume had is set aside. With --before, only what a run of the history or a later one "
         "took to "
         "the volume goes back; what was there before stays. While a service still runs on an entry, nothing is done.",
         {"mailstate rollback --dry-run", "mailstate rollback", "mailstate rollback --only redis --verify content",
          "mailstate rollback --before 12 --dry-run"},
         run_rollback},
        {Command::history,
         "history",
         "",
         "the runs, and what each changed",
         "Lists the runs that changed something on this volume, the newest last: the number of each, when and where it "
         "was, what it did, and from which state to which it brought each entry. A line of the history that cannot be "
         "read is said by its number and passed over. Changes nothing.",
         {"mailstate history", "mailstate history --limit 5", "mailstate history --only redis --output json"},
         run_history},
        {Command::displaced,
         "displaced",
         "list | restore ID | prune [ID…]",
         "what was set aside: list it, put it back, or give it up",
         "Nothing that apply or rollback replaces is lost: it lies in .mailstate/displaced on the volume. list says "
         "what "
         "there is and why. restore copies one back: with --into to a directory that is not there yet, else to the "
         "entry's destination, whose content is set aside first. prune removes what is named, what is older than an "
         "age, or all, and says how many bytes that frees.",
         {"mailstate displaced list", "mailstate displaced restore 20261121T020635Z-redis --into /root/redis",
          "mailstate displaced restore 20261121T020635Z-redis --dry-run",
          "mailstate displaced prune --older-than 30d --dry-run"},
         run_displaced},
        {Command::check,
         "check",
         "",
         "what will break: volume, mounts and configuration against the known upgrade breakages",
         "Holds the volume, the process and the mounts against what the layout needs, and the configuration against "
         "the "
         "rule book of docker-mailserver, Mailu or mailcow; worst findings first. On the host, before an upgrade, name "
         "the compose file and the release to come. What cannot be known is said as unknown. Changes nothing, unless "
         "asked to with --fix. Started in the mail container itself it never stops the start, unless with --strict.",
         {"mailstate check", "mailstate check --compose docker-compose.yml --to v15.0.0",
          "mailstate check --system mailu --env-file mailu.env --to 2024.06.13",
          "mailstate check --compose docker-compose.yml --sender me@example.org", "mailstate check --list"},
         run_check},
        {Command::probe,
         "probe",
         "",
         "what mounts, volume and process are and can do",
         "Prints what is there, without judging it, and changes nothing. With --write-test it tests what the volume "
         "can "
         "do, in a scratch directory that is gone afterwards.",
         {"mailstate probe", "mailstate probe --write-test", "mailstate probe --output json"},
         run_probe},
        {Command::seal,
         "seal",
         "",
         "record the pristine state of an image (when it is built)",
         "Writes /usr/share/mailstate/seal.json: what the image itself has at the origins of every entry. With it, "
         "apply "
         "can tell a file that came with the image from one that a service wrote. Run it as the last step of the "
         "image's build.",
         {"RUN mailstate seal --layout docker-mailserver", "mailstate seal --root ./rootfs"},
         run_seal},
        {Command::sni,
         "sni",
         "",
         "the TLS SNI map from the certificates on disk",
         "Reads the default certificate and every folder with cert.pem, key.pem and domains, and writes which is "
         "served "
         "for which name. What cannot be served (key and certificate do not match, expired, encrypted, another name) "
         "is "
         "left out, and said: a wrong line is worse than none.",
         {"mailstate sni --hostname mail.example.org",
          "mailstate sni --out /opt/postfix/conf/mailstate-sni.map --postmap",
          "mailstate sni --format dovecot --out /etc/dovecot/sni.conf"},
         run_sni},
        {Command::layout,
         "layout",
         "list | show LAYOUT|FILE | validate FILE",
         "list, show and validate layouts",
         "A layout is a JSON file that declares what a mail system keeps where, and to whom it belongs. To make one of "
         "your own, start from one that is built in.",
         {"mailstate layout list", "mailstate layout show docker-mailserver > my-layout.json",
          "mailstate layout validate my-layout.json"},
         run_layout},
        {Command::explain,
         "explain",
         "CODE",
         "what the code of a finding means, why it comes, what to do",
         "Prints what mailstate knows of a code: the meaning, the usual cause, the remedy, messages of other programs "
         "that come with it, and where to read more. Findings of all commands and the rules of check have codes. "
         "With --list it names all of them, with --symptom those that go with a line of a log. Looks at nothing.",
         {"mailstate explain origin.mounted", "mailstate explain --list",
          "mailstate explain --symptom 'Device or resource busy'"},
         run_explain},
        {Command::man,
         "man",
         "",
         "the manual page",
         "Writes the manual page, made from the same tables as this text, in the language of man(1).",
         {"mailstate man | man -l -", "mailstate man > /usr/local/share/man/man1/mailstate.1"},
         run_man},
        {Command::completion,
         "completion",
         "bash|zsh|fish",
         "completion of commands, options and values for a shell",
         "Writes what makes the Tab key complete the commands, their options and the values of these: the words of a "
         "choice, layouts, entries, rules, files and directories.",
         {"source <(mailstate completion bash)", "mailstate completion zsh > ~/.zfunc/_mailstate",
          "mailstate completion fish > ~/.config/fish/completions/mailstate.fish"},
         run_completion},
        {Command::help,
         "help",
         "[COMMAND]",
         "this text, or that of a command",
         "Prints what can be asked of mailstate, or all of one command. An option of that name says the same.",
         {"mailstate help", "mailstate help apply"},
         run_help},
        {Command::version,
         "version",
         "",
         "the version of this program",
         "Prints the version of this program. An option of that name says the same.",
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
