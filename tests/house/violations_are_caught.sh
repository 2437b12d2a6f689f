#!/bin/bash
# SPDX-License-Identifier: MIT
# A check that finds nothing proves nothing unless it finds what is planted: each house check, on a copy of the tree
# with one violation.
source "$(dirname "$0")/house.sh"

copy=$(mktemp -d -t mailstate-house-XXXXXX)
trap 'rm -rf "$copy"' EXIT
tracked | tar -c --files-from=- | tar -x -C "$copy"
cd "$copy"
git init --quiet
git add --all
git -c user.name=nobody -c user.email=nobody@example.org commit --quiet --message=copy

# must_catch CHECK WORD…: the check fails on the copy as it is now, and names each word. Then the copy is as before.
must_catch() {
    local said word status=0 check=$1
    shift
    said=$(HOUSE_TREE=$copy "$house/$check.sh" 2>&1) || status=$?
    ((status != 0)) || blame "$check does not mind: $*"
    for word in "$@"; do
        [[ $said == *"$word"* ]] || blame "$check does not name '$word', it says: ${said:0:2000}"
    done
    git checkout --quiet --force .
    git clean --quiet --force -d -x
}

include_in() { echo "#include $2" >>"$1"; }

include_in src/base/error.cpp '"mailstate/engine/engine.hpp"'
must_catch floors 'floor base includes mailstate/engine/engine.hpp of floor engine'
include_in include/mailstate/base/text.hpp '"posix/fd.hpp"'
must_catch floors 'include/mailstate/base/text.hpp: floor base includes posix/fd.hpp of floor posix'
include_in src/base/error.cpp '<spdlog/spdlog.h>'
must_catch floors 'only engine and app log'
include_in include/mailstate/model/plan.hpp '<nlohmann/json.hpp>'
must_catch floors 'know JSON'
include_in src/base/error.cpp '<boost/filesystem/operations.hpp>'
must_catch floors 'no operation by path'
echo '// SPDX-License-Identifier: MIT' >include/mailstate/stranger.hpp
must_catch floors 'include/mailstate/stranger.hpp: is on no floor'
echo '// SPDX-License-Identifier: MIT' >include/mailstate/engine/lonely.hpp
include_in src/engine/at_work.cpp '"mailstate/engine/lonely.hpp"'
must_catch floors 'include/mailstate/engine/lonely.hpp: only engine includes it'

# Two headers that include each other; a header and the source of the other.
include_in src/model/words.hpp '"model/own_names.hpp"'
include_in src/model/own_names.hpp '"model/words.hpp"'
must_catch rooms 'a circle of rooms: ' model/words model/own_names
include_in src/model/words.cpp '"model/own_names.hpp"'
include_in src/model/own_names.hpp '"model/words.hpp"'
must_catch rooms 'a circle of rooms: ' model/words model/own_names
include_in src/base/error.cpp '"mailstate/engine/engine.hpp"'
must_catch rooms 'base/error includes engine/engine, which is a floor above it'
echo '// SPDX-License-Identifier: MIT' >src/model/stage.hpp
must_catch rooms 'model/stage and engine/stage are two rooms of one name'
echo '// SPDX-License-Identifier: MIT' >src/engine/ledger.cpp
must_catch rooms 'engine/ledger and model/ledger are two rooms of one name'

echo 'int x;' >src/base/bare.cpp
must_catch licences 'src/base/bare.cpp'
echo '// SPDX-License-Identifier: MIT' >src/base/unlisted.cpp
must_catch sources src/base/unlisted.cpp
echo 'file(GLOB all *.cpp)' >>src/base/CMakeLists.txt
must_catch sources 'src/base/CMakeLists.txt: globs'
echo 'Result<Name> stray(const Name& item) { return Name{item.at, TRY(text())}; }' >>src/base/error.cpp
must_catch sources 'src/base/error.cpp' 'TRY behind a member'

echo 'struct Layout { int x; };' >>src/base/escape.hpp
must_catch type_names 'Layout is defined in more than one header'

echo 'struct mailstate::ProofForTests { };' >>src/base/escape.cpp
must_catch proofs 'src/base/escape.cpp: names ProofForTests'
echo 'auto made = Proof(Grounds::own);' >>src/base/escape.cpp
must_catch proofs 'src/base/escape.cpp: only src/engine/removal.cpp makes a Proof'
sed -i '/^private:/d' include/mailstate/fs/proof.hpp
must_catch proofs 'callers that make a proof of their own'
sed -i 's/const Name& item, const Proof& proof) = 0/const Name\& item, int = 0) = 0/' include/mailstate/fs/writer.hpp
must_catch proofs 'callers without a proof'

echo 'Finding stray{Severity::note, "volume.absent", "", "", ""};' >>src/base/error.cpp
must_catch finding_codes 'src/base/error.cpp' 'makes a finding by hand'
echo 'Finding stray() { return {Severity::note, code, "", "", ""}; }' >>src/base/error.cpp
must_catch finding_codes 'src/base/error.cpp' 'makes a finding by hand'
echo 'bool stray = finding.code == "volume.nowhere";' >>src/base/error.cpp
must_catch finding_codes 'src/base/error.cpp: names volume.nowhere, which is in no table'
echo 'Finding stray = findings::from_row(row, Severity::note, "", "", {});' >>src/base/error.cpp
must_catch finding_codes 'src/base/error.cpp: looks a row up by a text'
sed -i 's/FindingRow{"volume.absent"/FindingRow{"volume-gone"/' src/model/findings/volume.hpp
must_catch finding_codes 'volume-gone: a code has a dot' 'names volume.absent, which is in no table' \
    'volume-gone: nothing states it'
sed -i '/) throw "/d' include/mailstate/model/finding_table.hpp
must_catch finding_codes 'of 5 findings that no row is for the compiler refuses 0'

echo >NOTES.txt
must_catch top_level 'NOTES.txt'
cp /bin/true scripts/program
must_catch top_level 'scripts/program: a compiled program'
echo >src/base/error.o && git add --force src/base/error.o
must_catch top_level 'src/base/error.o'
git rm --quiet --cached --force src/base/error.o

sed -i 's/ninja-build/ninja-build texlive/' Dockerfile
must_catch packages 'texlive'

# Kubernetes' manifests: first what the schema minds, of which one a document is named.
cd scripts/kubernetes
sed -i 's/, FSETID//' rehearsal.yaml
sed -i '/completionMode/d' fleet.yaml
sed -i 's/allowPrivilegeEscalation: false/allowPrivilegeEscalation: true/' gather.yaml
sed -i 's/ReadWriteMany/ReadWriteSome/' reports.yaml
must_catch manifests 'rehearsal.yaml: Job mailstate-rehearsal: spec/template' 'fleet.yaml: Job mailstate-fleet: spec: ' \
    'gather.yaml: Job mailstate-gather: spec/template/spec/containers/0/securityContext' 'reports.yaml: '
sed -i 's/restartPolicy: Never/restartPolicy: OnFailure/' rehearsal.yaml
sed -i 's/action: Ignore/action: FailIndex/' fleet.yaml
sed -i 's/automountServiceAccountToken: false/hostNetwork: true/' gather.yaml
must_catch manifests 'Job mailstate-rehearsal: spec/template/spec/restartPolicy' 'hostNetwork' \
    'Job mailstate-fleet: spec/podFailurePolicy/rules/0'
sed -i "s/annotations\['batch/labels['batch/" fleet.yaml
must_catch manifests 'Job mailstate-fleet: spec/template/spec/containers/0/env/0'
# Then what they mean to each other.
sed -i 's/\[3, 4/[4, 75/; s/    name: mail-state-rehearsal$/    name: another/' rehearsal.yaml
sed -i 's/name: JOB_COMPLETION_INDEX/name: INDEX/; s/subPathExpr: .*(SERVER)/subPathExpr: $(NAME)/' fleet.yaml
sed -i '/backoffLimitPerIndex/d' fleet.yaml
sed -i 's/claimName: mail-state$/claimName: another/' deployment.yaml
must_catch manifests 'Job mailstate-rehearsal: exit codes must be in order' 'ended with 3 is tried again' \
    'ended with 75 is not tried again' 'PersistentVolumeClaim mail-state-rehearsal: is made from another' \
    'Job mailstate-fleet: FailIndex needs' 'Job mailstate-fleet: rehearse: $(JOB_COMPLETION_INDEX) is not set' \
    'Job mailstate-fleet: rehearse: $(NAME) is not set' 'volume mail-state is of a claim that is not there'
sed -i 's/action: FailIndex/action: FailJob/' fleet.yaml
sed -i '0,/name: reports$/s//name: another/' gather.yaml
must_catch manifests 'Job mailstate-fleet: FailJob ends the other indexes' 'gather: mounts another, which is no volume'
cd ../..

sed -i 's/deployment.yaml/another.yaml/' scripts/kubernetes/kustomization.yaml
sed -i 's|^Volume=mail-state.volume:/var/mail-state|&:U|; s/^HealthCmd=.*/Health=true/' scripts/podman/mailserver.container
git rm --quiet --cached scripts/podman/mail-state.volume && rm scripts/podman/mail-state.volume
sed -i 's|\.ci/run|true|' .github/workflows/ci.yml
sed -i 's|/containers/0/args|/containers/0/arguments|; s|{name: "mailstate:demo"|{name: "mailstate"|' scripts/kubernetes/README.md
must_catch manifests 'kustomization.yaml: there is no another.yaml' 'gives every file to one user' 'Health is no key' \
    'there is no mail-state.volume' 'ci.yml: does not run .ci/run' 'README.md: there is no image mailstate' \
    'Deployment mailserver has no /spec/template/spec/containers/0/arguments'
git reset --quiet --hard

# Pages.
for page in src/README.md tests/README.md; do
    printf '\n[a](nowhere.md) [b](#nowhere) [c](http:/mail) `src/nowhere.cpp`\n\n```sh\nscripts/nowhere\n```\n' >>$page
done
for ((i = 0; i < 100; i++)); do echo; done >>README.md
must_catch pages 'src/README.md: a link to nowhere.md leads nowhere' 'tests/README.md: a link to #nowhere leads to no heading' \
    'src/README.md: http:/mail is no whole address' 'src/README.md: there is no file src/nowhere.cpp' \
    "no test and no reason is named for the commands 'scripts/nowhere'" 'src/README.md: there is no scripts/nowhere' \
    'README.md: has more than 160 lines'
sed -i 's|run by tests/package/stranger.py|run by tests/support/tree.py|' README.md
echo 'This is teh end, with `ENABLE_NOTHING=1`. What is missing is said in silence.' >>src/README.md
sed -i 's/"No volume is mounted there."/"It is no volume."/' src/model/findings/volume.hpp
must_catch pages 'tests/support/tree.py is no test that reads a page' 'teh ==> the' \
    'src/README.md: no built-in layout has a switch ENABLE_NOTHING' \
    "src/README.md: 'is said': write is reported" "src/README.md: 'in silence': write silently" \
    "src/model/findings/volume.hpp: 'is no': write is not a"
if [[ -n ${MAILSTATE:-} ]]; then
    sed -i 's/`volume.closed`/`volume.absent`/' README.md
    echo '`mailstate plan --adopt` `mailstate frobnicate` `volume.nowhere`' >>src/README.md
    printf '\n```yaml\nentrypoint: [mailstate, apply, --keep, --]\n```\n' >>src/README.md
    sed -i 's/^| `dms.alias-loop`.*//' src/preflight/README.md
    must_catch pages 'is not explained by volume.absent' 'mailstate plan has no --adopt' 'no command frobnicate' \
        'mailstate apply has no --keep' 'there is no code volume.nowhere' 'src/preflight/README.md: is not current'
fi

sed -i 's/^    /  /' src/base/error.cpp
must_catch format 'src/base/error.cpp'
echo 'if' >>scripts/test
must_catch format 'scripts/test: bash cannot read it'
echo 'def' >>tests/support/tree.py
must_catch format 'tests/support/tree.py: python cannot read it'

# clang-tidy, on a compile command of its own.
mkdir -p "$copy/build"
cat >"$copy/src/base/careless.cpp" <<'END'
// SPDX-License-Identifier: MIT
typedef int number;
END
cat >"$copy/build/compile_commands.json" <<END
[
{
  "directory": "$copy",
  "command": "g++ -c $copy/src/base/careless.cpp",
  "file": "$copy/src/base/careless.cpp"
}
]
END
status=0
said=$(HOUSE_TREE=$copy "$house/tidy.sh" "$copy/build" base 2>&1) || status=$?
[[ $status != 0 && $said == *modernize-use-using* ]] || blame "tidy does not mind a typedef: $said"

cd "$tree"
finish
