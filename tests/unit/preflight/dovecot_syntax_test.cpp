// SPDX-License-Identifier: MIT
// Dovecot 2.3's language, in files and in what a script writes.
#include "preflight/dovecot_syntax.hpp"
#include "unit/preflight/rule_world.hpp"

namespace mailstate {

namespace {

TEST(DovecotSyntax, FindsWhatIsOfTheOldLanguage)
{
    for (const char* line :
         {"mail_location = maildir:~/x", "plugin {", "plugin{", "ssl_cert = </etc/x.pem", "auth_username_format = %Ln",
          "passdb {", "userdb{", "  args = scheme=X /etc/y", "mail_plugins = $mail_plugins quota",
          "disable_plaintext_auth = no", "mail_home = /var/mail/%d/%n"})
        EXPECT_EQ(old_dovecot_syntax(line).size(), 1U) << line;
    for (const char* line : {"# plugin {", "passdb passwd-file {", "mail_path = %{user}",
                             "ssl_server_cert_file = /x.pem", "mail_max_userip_connections = 20", "log_format = 100%%",
                             "protocol imap {", "", "mail_plugins { quota = yes }", "mail_plugins {\n  quota = yes\n}",
                             "protocol imap {\n  mail_plugins = quota imap_quota\n}"})
        EXPECT_TRUE(old_dovecot_syntax(line).empty()) << line;
}

// Dovecot 2.4 loads a plain list, and takes it in place of the image's.
TEST(DovecotSyntax, TellsAPlainListOfPluginsFromWhatDoesNotLoad)
{
    const std::vector<OldSyntax> found = old_dovecot_syntax("protocol imap {\n}\nmail_plugins = fts\nplugin {\n}\n");
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(std::to_string(found[0].line) + found[0].what, "3mail_plugins as a list");
    EXPECT_EQ(found[0].loads, Loads::yes);
    EXPECT_EQ(found[1].loads, Loads::no);
    RuleWorld world(System::docker_mailserver);
    world.versions("15.1.0", "16.0.1").config("dovecot.cf", "mail_plugins = fts\n");
    EXPECT_THAT(world.found("dms.dovecot-24"), ElementsAre(Field(&Finding::severity, Severity::warning)));
}

TEST(DovecotSyntax, IsFoundInWhatAScriptWrites)
{
    const char* const script =
        "#!/bin/bash\ncat > /etc/dovecot/conf.d/99-local.conf <<'EOF'\ndisable_plaintext_auth = no\nplugin {\n"
        "  quota = x\n}\nEOF\n# sed -i s/mail_location/x/ /etc/dovecot/x\n"
        "sed -i 's/^mail_location.*/x/' /etc/dovecot/conf.d/10-mail.conf\ncat >/etc/postfix/x <<-\"END\"\n"
        "args = y\nEND\nargs=\"$1\"\n";
    const auto line_and_word = [](const std::vector<OldSyntax>& found) {
        std::string text;
        for (const OldSyntax& old : found) text += std::to_string(old.line) + " " + old.what + "; ";
        return text;
    };
    EXPECT_EQ(line_and_word(old_dovecot_syntax_in_script(script)), "3 disable_plaintext_auth; 4 plugin {; ");
    EXPECT_EQ(line_and_word(old_dovecot_words_in_script(script)), "9 mail_location; ");
    RuleWorld world(System::docker_mailserver);
    world.versions("15.1.0", "16.0.1").config("user-patches.sh", script);
    EXPECT_THAT(world.found("dms.dovecot-24"), ElementsAre(Field(&Finding::subject, "user-patches.sh:3"),
                                                           Field(&Finding::subject, "user-patches.sh:4")));
    EXPECT_EQ(world.unknown("dms.dovecot-24").subject, "user-patches.sh:9");
}

}  // namespace

}  // namespace mailstate
