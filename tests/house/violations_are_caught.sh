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

# must_catch CHECK WORD: the check fails on the copy as it is now, and names the word. Then the copy is as before.
must_catch() {
    local said status=0
    said=$(HOUSE_TREE=$copy "$house/$1.sh" 2>&1) || status=$?
    ((status != 0)) || blame "$1 does not mind: $2"
    [[ $said == *"$2"* ]] || blame "$1 does not name '$2', it says: ${said:0:2000}"
    git checkout --quiet --force .
    git clean --quiet --force -d -x
}

include_in() { echo "#include $2" >>"$1"; }

include_in src/base/error.cpp '"mailstate/engine.hpp"'
must_catch floors 'floor base includes mailstate/engine.hpp of floor engine'
include_in include/mailstate/text.hpp '"posix/fd.hpp"'
must_catch floors 'include/mailstate/text.hpp: floor base includes posix/fd.hpp of floor posix'
include_in src/base/error.cpp '<spdlog/spdlog.h>'
must_catch floors 'only engine and app log'
include_in include/mailstate/plan.hpp '<nlohmann/json.hpp>'
must_catch floors 'know JSON'
include_in src/base/error.cpp '<boost/filesystem/operations.hpp>'
must_catch floors 'no operation by path'
echo '// SPDX-License-Identifier: MIT' >include/mailstate/stranger.hpp
must_catch floors 'include/mailstate/stranger.hpp: stands on no floor'

echo 'int x;' >src/base/bare.cpp
must_catch licences 'src/base/bare.cpp'
echo '// SPDX-License-Identifier: MIT' >src/base/unlisted.cpp
must_catch sources src/base/unlisted.cpp
echo 'file(GLOB all *.cpp)' >>src/base/CMakeLists.txt
must_catch sources 'src/base/CMakeLists.txt: globs'

echo 'struct Layout { int x; };' >>src/base/escape.hpp
must_catch type_names 'Layout is defined in more than one header'

echo >NOTES.txt
must_catch top_level 'NOTES.txt'
cp /bin/true scripts/program
must_catch top_level 'scripts/program: a compiled program'
echo >src/base/error.o && git add --force src/base/error.o
must_catch top_level 'src/base/error.o'
git rm --quiet --cached --force src/base/error.o

sed -i 's/ninja-build/ninja-build texlive/' Dockerfile
must_catch packages 'texlive'

sed -i 's/, FSETID//' scripts/kubernetes/look-ahead.yaml
must_catch manifests 'scripts/kubernetes/look-ahead.yaml: Job mailstate-look-ahead: spec/template'
sed -i 's/claimName: mail-state$/claimName: another/' scripts/kubernetes/deployment.yaml
must_catch manifests 'of a claim that is not there'

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
[{"directory": "$copy", "file": "$copy/src/base/careless.cpp", "command": "g++ -c $copy/src/base/careless.cpp"}]
END
status=0
said=$(HOUSE_TREE=$copy "$house/tidy.sh" "$copy/build" careless 2>&1) || status=$?
[[ $status != 0 && $said == *modernize-use-using* ]] || blame "tidy does not mind a typedef: $said"

cd "$tree"
finish
