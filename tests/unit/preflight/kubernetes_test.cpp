// SPDX-License-Identifier: MIT
// Kubernetes manifests, by the same rules.
#include "preflight/kubernetes.hpp"
#include "preflight/recognise.hpp"
#include "unit/preflight/rule_world.hpp"

namespace mailstate {

namespace {

const char* const deployment =
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: env}\ndata: {ENABLE_SRS: '1', postfix-main.cf: 'a = b'}\n"
    "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: pv}\nspec:\n  mountOptions: [nolock]\n"
    "  nfs: {server: nas, path: /s}\n  claimRef: {name: state}\n"
    "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {name: mail}\nspec:\n  replicas: 2\n  template:\n    spec:\n"
    "      securityContext: {fsGroup: 5000}\n      volumes:\n      - {name: s, persistentVolumeClaim: {claimName: "
    "state}}\n"
    "      - {name: c, configMap: {name: env}}\n      containers:\n      - name: mail\n"
    "        image: docker.io/mailserver/docker-mailserver:15.1.0\n        envFrom: [{configMapRef: {name: env}}, "
    "{secretRef: {name: keys}}]\n        env:\n        - {name: ENABLE_LDAP, value: '1'}\n"
    "        - {name: RELAY_PASSWORD, valueFrom: {secretKeyRef: {name: keys, key: p}}}\n        volumeMounts:\n"
    "        - {name: s, mountPath: /var/mail-state}\n"
    "        - {name: c, mountPath: /tmp/docker-mailserver/postfix-main.cf, subPath: postfix-main.cf}\n"
    "        securityContext:\n          allowPrivilegeEscalation: false\n          capabilities: {drop: [ALL]}\n";

TEST(Manifest, ReadsContainersAsServices)
{
    const Compose compose = parse_manifests({{"m.yaml", deployment}});
    ASSERT_EQ(compose.services.size(), 1U);
    const ComposeService& mail = compose.services[0];
    EXPECT_EQ(mail.name, "mail");
    EXPECT_EQ(mail.environment.at("ENABLE_LDAP").value, "1");
    EXPECT_EQ(mail.environment.at("ENABLE_SRS").value, "1");
    EXPECT_TRUE(mail.environment.at("RELAY_PASSWORD").unseen && mail.environment.at("RELAY_PASSWORD").value.empty());
    EXPECT_EQ(mail.security_opt.at(0).where, "m.yaml:36");
    EXPECT_EQ(mail.cap_drop.at(0).text, "ALL");
    EXPECT_EQ(mail.fs_group.text, "5000");
    ASSERT_EQ(mail.mounts.size(), 2U);
    EXPECT_EQ(mail.mounts[0].fs_type + " " + mail.mounts[0].options, "nfs nolock");
    EXPECT_EQ(mail.mounts[1].target, "/tmp/docker-mailserver/postfix-main.cf");
    EXPECT_EQ(mail.mounts[1].content, "a = b");
    EXPECT_THAT(compose.not_followed, ElementsAre(HasSubstr("the Secret keys")));
}

TEST(Manifest, IsToldFromComposeFilesAndValues)
{
    EXPECT_TRUE(is_manifest(deployment));
    EXPECT_FALSE(is_manifest("services: {mail: {image: x}}"));
    const char* const values = "image: {name: mailserver/docker-mailserver}\ndeployment: {env: {A: 1}}\n";
    EXPECT_TRUE(is_manifest(values));
    EXPECT_THAT(parse_manifests({{"values.yaml", values}}).not_followed,
                ElementsAre(HasSubstr("helm template mail docker-mailserver/docker-mailserver -f values.yaml")));
    EXPECT_TRUE(is_manifest("deployment:\n  env:\n    ENABLE_RSPAMD: 1\n"));
    EXPECT_FALSE(is_manifest("deployment:\n  env:\n    A: 1\n"));
    const Compose chart = parse_manifests({{"c/Chart.yaml", "apiVersion: v2\nname: c\n"}, {"c/values.yaml", values}});
    EXPECT_EQ(chart.file, "c/values.yaml");
}

// As helm template prints docker-mailserver's chart: comments, empty documents, ConfigMaps that are mounted by subPath,
// variables without a value, a claim whose volume the cluster makes.
const char* const rendered =
    "---\n# Source: docker-mailserver/templates/serviceaccount.yaml\napiVersion: v1\nkind: ServiceAccount\nmetadata:\n"
    "  name: mail-docker-mailserver\n---\n# Source: docker-mailserver/templates/configmap.yaml\napiVersion: v1\n"
    "kind: ConfigMap\nmetadata:\n  name: dovecot-cf\ndata:\n  dovecot.cf: |\n    haproxy_trusted_networks = "
    "10.0.0.0/8\n"
    "---\n# Source: docker-mailserver/templates/configmap.yaml\napiVersion: v1\nkind: ConfigMap\nmetadata:\n"
    "  name: fts-xapian-plugin-conf\ndata:\n  fts-xapian-plugin.conf: |\n    plugin {\n      fts = xapian\n    }\n"
    "---\n---\n# Source: docker-mailserver/templates/pvc.yaml\nkind: PersistentVolumeClaim\napiVersion: v1\nmetadata:\n"
    "  name: mail-docker-mailserver-mail-state\nspec:\n  accessModes:\n    - ReadWriteOnce\n---\n"
    "# Source: docker-mailserver/templates/deployment.yaml\napiVersion: \"apps/v1\"\nkind: \"Deployment\"\nmetadata:\n"
    "  name: mail-docker-mailserver\nspec:\n  replicas: 1\n  template:\n    spec:\n      securityContext:\n        {}\n"
    "      volumes:\n          # ConfigMaps\n        - name: dovecot-cf\n          configMap:\n            name: "
    "dovecot-cf\n"
    "        - name: fts-xapian-plugin-conf\n          configMap:\n            name: fts-xapian-plugin-conf\n"
    "        - name: mail-state\n          persistentVolumeClaim:\n"
    "            claimName: mail-docker-mailserver-mail-state\n      containers:\n        - name: docker-mailserver\n"
    "          image: mailserver/docker-mailserver:15.1.0\n          env:\n          - name: ACCOUNT_PROVISIONER\n"
    "            value: \n          - name: ENABLE_RSPAMD\n            value: \"1\"\n          - name: SPAM_SUBJECT\n"
    "            value: \"***SPAM*** \"\n          securityContext:\n            privileged: false\n          "
    "volumeMounts:\n"
    "            - name: dovecot-cf\n              subPath: dovecot.cf\n"
    "              mountPath: /tmp/docker-mailserver/dovecot.cf\n            - name: fts-xapian-plugin-conf\n"
    "              subPath: fts-xapian-plugin.conf\n              mountPath: /etc/dovecot/conf.d/10-plugin.conf\n"
    "            - name: mail-state\n              mountPath: /var/mail-state\n              subPath:\n"
    "        - name: metrics-exporter\n          image: blackflysolutions/postfix-exporter@sha256:0\n";

TEST(Manifest, ReadsWhatHelmRenders)
{
    const Compose compose = parse_manifests({{"-", rendered}});
    EXPECT_TRUE(compose.problems.empty() && compose.not_followed.empty());
    const RecognisedSystems found = recognise(compose);
    ASSERT_EQ(found.systems.size(), 1U);
    const ComposeService* const mail = find_service(compose, found.systems[0].service);
    ASSERT_NE(mail, nullptr);
    EXPECT_EQ(mail->environment.at("ACCOUNT_PROVISIONER").value, "");
    EXPECT_EQ(mail->environment.at("SPAM_SUBJECT").value, "***SPAM*** ");
    ASSERT_EQ(mail->mounts.size(), 3U);
    EXPECT_EQ(mail->mounts[0].content, "haproxy_trusted_networks = 10.0.0.0/8\n");
    EXPECT_EQ(mail->mounts[1].target, "/etc/dovecot/conf.d/10-plugin.conf");
    EXPECT_EQ(mail->mounts[1].content, "plugin {\n  fts = xapian\n}\n");
    EXPECT_EQ(mail->mounts[2].target + " " + mail->mounts[2].source,
              "/var/mail-state mail-docker-mailserver-mail-state");
}

const char* const pod_of_two =
    "kind: Pod\napiVersion: v1\nmetadata: {name: mail}\nspec:\n  containers:\n  - name: mail\n"
    "    image: mailserver/docker-mailserver:15.1.0\n";

TEST(Manifest, JudgesNoVariablesThatItWasNotGiven)
{
    const auto judged = [](const std::string& more) {
        RuleWorld world(System::docker_mailserver);
        world.versions("15.1.0", "15.1.0").manifest(pod_of_two + more);
        const ComposeService& service = world.evidence.compose->services.at(0);
        world.evidence.settings = service.environment;
        world.evidence.settings_missing = service.environment_missing;
        return world.verdict().judged;
    };
    for (const char* more : {"    envFrom: [{configMapRef: {name: gone}}]\n", "    envFrom: [{secretRef: {name: s}}]\n",
                             "    env: [{name: X, valueFrom: {configMapKeyRef: {name: gone, key: x}}}]\n",
                             "    env: [{name: ENABLE_SRS, valueFrom: {secretKeyRef: {name: s, key: x}}}]\n"})
        EXPECT_THAT(judged(more).fine, Not(testing::Contains("dms.env-removed"))) << more;
    for (const char* more : {"    env: [{name: X, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}]\n",
                             "    env: [{name: RELAY_PASSWORD, valueFrom: {secretKeyRef: {name: s, key: x}}}]\n"})
        EXPECT_THAT(judged(more).fine, testing::Contains("dms.env-removed")) << more;
}

TEST(Manifest, ReadsConfigMapsOfAProjectedVolume)
{
    const std::string pod =
        std::string(pod_of_two) +
        "    volumeMounts: [{name: c, mountPath: /tmp/docker-mailserver/}]\n  volumes:\n  - name: c\n"
        "    projected: {sources: [{configMap: {name: f, items: [{key: m, path: postfix-main.cf}]}}";
    const std::string map = "---\nkind: ConfigMap\napiVersion: v1\nmetadata: {name: f}\ndata: {m: 'a = b'}\n";
    const Compose whole = parse_manifests({{"m.yaml", pod + "]}\n" + map}});
    ASSERT_EQ(whole.services.at(0).mounts.size(), 1U);
    EXPECT_EQ(whole.services[0].mounts[0].target, "/tmp/docker-mailserver/postfix-main.cf");
    EXPECT_EQ(whole.services[0].mounts[0].content, "a = b");
    const Compose part = parse_manifests({{"m.yaml", pod + ", {secret: {name: s}}]}\n" + map}});
    ASSERT_EQ(part.services.at(0).mounts.size(), 2U);  // what else the folder has was not seen
    EXPECT_EQ(part.services[0].mounts[1].target, "/tmp/docker-mailserver");
}

TEST(Manifest, HidesNoDocumentBehindABrokenOne)
{
    const std::string pod =
        "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n";
    const std::string broken = "apiVersion: v1\nkind: Service\nspec: {ports: [1], ports: [2]}\n";
    const Compose compose = parse_manifests({{"m.yaml", "---\n" + pod + "---\n" + broken + "--- # more\r\n" + pod}});
    ASSERT_EQ(compose.services.size(), 2U);
    EXPECT_EQ(compose.services[0].where, "m.yaml:5");
    EXPECT_EQ(compose.services[1].where, "m.yaml:14");
    ASSERT_EQ(compose.problems.size(), 1U);
    EXPECT_EQ(compose.problems[0].finding.subject, "m.yaml:9");
}

// What anchors repeat is counted over all documents.
TEST(Manifest, IsBoundedHoweverManyDocumentsItHas)
{
    std::string heavy = "a: &a [x, x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]\n";
    heavy += "c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]\nd: [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]\n---\n";
    std::string text;
    for (int i = 0; i < 1000; ++i) text += heavy;
    const Compose compose = parse_manifests({{"m.yaml", text}});
    ASSERT_EQ(compose.problems.size(), 1U);
    EXPECT_THAT(compose.problems[0].finding.message, HasSubstr("too many nodes"));
}

TEST(Manifest, IsJudgedByTheSameRules)
{
    RuleWorld world(System::docker_mailserver);
    world.versions("15.0.0", "15.1.0").manifest(deployment);
    EXPECT_THAT(world.found("dms.sgid-lost"),
                ElementsAre(Field(&Finding::subject, "pod.yaml:36"), Field(&Finding::subject, "pod.yaml:37")));
}

std::string workload(const std::string& kind, const std::string& metadata, const std::string& volume)
{
    return "---\napiVersion: v1\nkind: " + kind + "\nmetadata: {" + metadata + "}\nspec:\n  template:\n    spec:\n" +
           "      containers: [{name: m, image: 'mailserver/docker-mailserver:14.0.0', env: [{name: A, valueFrom: "
           "{configMapKeyRef: {name: c, key: a}}}], volumeMounts: [{name: data, mountPath: /var/mail-state}]}]\n"
           "      volumes: [{name: data, " +
           volume + "}]\n";
}

std::vector<std::string> names_of_services(const Compose& compose)
{
    std::vector<std::string> names;
    for (const ComposeService& service : compose.services) names.push_back(service.name);
    return names;
}

// A service is found by its name: the one was judged twice then, and the other never.
TEST(Manifest, TellsWorkloadsOfOneNameApart)
{
    const std::string claim = "persistentVolumeClaim: {claimName: c}";
    const Compose spaces = parse_manifests({{"m.yaml", workload("Deployment", "name: x, namespace: a", claim) +
                                                           workload("Deployment", "name: x, namespace: b", claim)}});
    EXPECT_THAT(names_of_services(spaces), ElementsAre("x/m in the namespace a", "x/m in the namespace b"));
    const Compose kinds = parse_manifests(
        {{"m.yaml", workload("Deployment", "name: x", claim) + workload("StatefulSet", "name: x", claim)}});
    EXPECT_THAT(names_of_services(kinds), ElementsAre("Deployment x/m", "StatefulSet x/m"));
    const Compose twice = parse_manifests(
        {{"m.yaml", workload("Deployment", "name: x", claim) + workload("Deployment", "name: x", claim)}});
    EXPECT_EQ(recognise(twice).systems.size(), 2U);
}

TEST(Manifest, LooksForWhatAWorkloadNamesInItsNamespace)
{
    const auto map = [](const std::string& name_space, const std::string& value) {
        return "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: c" + name_space + "}\ndata: {a: '" + value +
               "'}\n";
    };
    const std::string claim = "persistentVolumeClaim: {claimName: c}";
    const std::string volume =
        "---\napiVersion: v1\nkind: PersistentVolume\nmetadata: {name: pv}\nspec:\n"
        "  nfs: {server: nas, path: /s}\n  claimRef: {name: c, namespace: a}\n";
    const Compose compose =
        parse_manifests({{"m.yaml", map(", namespace: b", "of b") + map(", namespace: a", "of a") + volume +
                                        workload("Deployment", "name: x, namespace: a", claim) +
                                        workload("Deployment", "name: y, namespace: b", claim)}});
    ASSERT_EQ(compose.services.size(), 2U);
    EXPECT_EQ(compose.services[0].environment.at("A").value, "of a");
    EXPECT_EQ(compose.services[1].environment.at("A").value, "of b");
    EXPECT_EQ(compose.services[0].mounts[0].fs_type, "nfs");
    EXPECT_EQ(compose.services[1].mounts[0].fs_type, "");
    const Compose anywhere =
        parse_manifests({{"m.yaml", map("", "of none") + workload("Deployment", "name: x, namespace: a", claim)}});
    EXPECT_EQ(anywhere.services[0].environment.at("A").value, "of none");
}

TEST(Manifest, KnowsWhichVolumesAreShared)
{
    const auto shared = [](const std::string& one, const std::string& two, const std::string& spaces = "") {
        RuleWorld world(System::docker_mailserver);
        world.versions("14.0.0", "14.0.0")
            .manifest(workload("Deployment", "name: a", one) + workload("Deployment", "name: b" + spaces, two));
        return world.found("dms.shared-volume").size();
    };
    const std::string claim = "persistentVolumeClaim: {claimName: c}";
    EXPECT_EQ(shared(claim, claim), 1U);
    EXPECT_EQ(shared(claim, "persistentVolumeClaim: {claimName: d}"), 0U);
    EXPECT_EQ(shared("emptyDir: {}", "emptyDir: {}"), 0U);
    EXPECT_EQ(shared("nfs: {server: a, path: /s}", "nfs: {server: a, path: /s}"), 1U);
    EXPECT_EQ(shared("nfs: {server: a, path: /s}", "nfs: {server: b, path: /s}"), 0U);
    EXPECT_EQ(shared("hostPath: {path: /s}", "hostPath: {path: /s}"), 1U);
    EXPECT_EQ(shared(claim, claim, ", namespace: other"), 0U);
}

TEST(Manifest, FindsEachOptionOfAVolumeInItsLine)
{
    RuleWorld world(System::docker_mailserver);
    world.versions("14.0.0", "14.0.0");
    const Compose deployed =
        parse_manifests({{"m.yaml",
                          "apiVersion: v1\nkind: PersistentVolume\nmetadata: {name: pv}\nspec:\n  mountOptions:\n"
                          "  - local_lock=all\n  - softerr\n  - vers=3\n  nfs: {server: nas, path: /s}\n"
                          "  claimRef: {name: c}\n" +
                              workload("Deployment", "name: x", "persistentVolumeClaim: {claimName: c}")}});
    const ComposeMount& mount = deployed.services.at(0).mounts.at(0);
    MountFact fact{mount.target, mount.source, mount.fs_type, mount.options, "m", mount.where, false, ""};
    fact.option_places = mount.option_places;
    world.evidence.mounts.push_back(fact);
    EXPECT_THAT(
        world.found("dms.network-options"),
        testing::UnorderedElementsAre(Field(&Finding::subject, "m.yaml:6"), Field(&Finding::subject, "m.yaml:7")));
    world.evidence.mounts.back().options = "local_lock=none,hard";
    EXPECT_TRUE(world.found("dms.network-options").empty());
}

TEST(Manifest, NamesAWorkloadOfAnUnknownKind)
{
    const std::string claim = "persistentVolumeClaim: {claimName: c}";
    const Compose compose =
        parse_manifests({{"m.yaml", workload("Rollout", "name: r", claim) + workload("Deployment", "name: d", claim) +
                                        "---\napiVersion: v1\nkind: Service\nmetadata: {name: s}\n"}});
    EXPECT_THAT(names_of_services(compose), ElementsAre("d/m"));
    EXPECT_THAT(compose.not_followed, testing::Contains(HasSubstr("the Rollout r is of an unknown kind")));
    EXPECT_THAT(compose.not_followed, Not(testing::Contains(HasSubstr("Service"))));
}

}  // namespace

}  // namespace mailstate
