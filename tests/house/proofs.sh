#!/bin/bash
# SPDX-License-Identifier: MIT
# Nothing destroys content without a proof, and nobody but the funnel makes one: the compiler refuses both. Each caller
# is tried as it should be, which compiles, and then as it should not be.
source "$(dirname "$0")/house.sh"

code=$(mktemp -d -t mailstate-proofs-XXXXXX)
trap 'rm -rf "$code"' EXIT

# Tells on how many lines of its body the compiler finds an error.
lines_refused() { # BODY
    cat >"$code/caller.cpp" <<END
#include "mailstate/fs/writer.hpp"
using namespace mailstate;
void caller([[maybe_unused]] Writer& writer, [[maybe_unused]] const DirectoryRef& at, [[maybe_unused]] const Proof& proof)
{
$1
}
END
    { LC_ALL=C "${CXX:-c++}" -std=c++20 -fsyntax-only -w -I "$tree/include" "$code/caller.cpp" 2>&1 || true; } |
        sed -nE 's/^.*caller\.cpp:([0-9]+):[0-9]+: (fatal )?error: .*/\1/p' | sort -u | wc -l
}

with_proof='    (void)writer.remove_file({at, "name"}, proof);
    (void)writer.remove_unchanged({at, "name"}, proof);
    (void)writer.remove_directory({at, "name"}, proof);
    (void)writer.replace({at, "name"}, {at, "other"}, proof);
    (void)writer.replace_file({at, "name"}, "text", Mode{0600}, proof);'
refused=$(lines_refused "$with_proof")
((refused == 0)) || blame "the compiler refuses $refused callers that have a proof"

calls=$(wc -l <<<"$with_proof")
refused=$(lines_refused "${with_proof//, proof/}")
((refused == calls)) || blame "of $calls callers without a proof the compiler refuses $refused"

made='    (void)Proof();
    (void)Proof(Grounds::own);
    (void)Proof(Grounds::equal, Attributes{});
    (void)Proof{Grounds::asked, std::nullopt};
    (void)writer.remove_file({at, "name"}, Grounds::own);
    (void)writer.remove_file({at, "name"}, {});
    [[maybe_unused]] Proof copy(proof);
    (void)writer.rename({at, "name"}, {at, "other"}, Replace::yes);'
calls=$(wc -l <<<"$made")
refused=$(lines_refused "$made")
((refused == calls)) || blame "of $calls callers that make a proof of their own the compiler refuses $refused"

# Who may make one: the funnel; and the tests, by a type that the program does not have.
friends=$(grep -cE '^ *friend ' "$tree/include/mailstate/fs/proof.hpp")
((friends == 2)) || blame "include/mailstate/fs/proof.hpp has $friends friends; they are the funnel and the tests"
while IFS= read -r file; do
    blame "$file: names ProofForTests"
done < <(cd "$tree" && tracked 'src/*' 'include/*' | grep -v '^include/mailstate/fs/proof.hpp$' | xargs grep -l ProofForTests)
while IFS= read -r file; do
    blame "$file: only src/engine/removal.cpp makes a Proof"
done < <(cd "$tree" && tracked 'src/*.cpp' 'src/*.hpp' | grep -v '^src/engine/removal\.' | xargs grep -lE '\bProof[({](Grounds|[a-z])')
finish
