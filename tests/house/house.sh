# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# What the house checks share: the tree they look at, its files, and how a violation is said. Source it first.
# HOUSE_TREE: another tree to look at; violations_are_caught uses it.
set -euo pipefail
export LC_ALL=C.UTF-8

house=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
tree=${HOUSE_TREE:-$(cd "$house/../.." && pwd)}
cd "$tree"
violations=0

# A clone that root tests may belong to somebody else; git refuses that unless told.
repository() { git -c safe.directory='*' "$@"; }

# Files of the tree that git tracks or would add, one a line; patterns as git takes them. Those just removed are left out.
tracked() {
    local file
    repository -c core.quotePath=false ls-files --cached --others --exclude-standard -- "$@" | sort -u |
        while IFS= read -r file; do
            [[ ! -e $file ]] || echo "$file"
        done
}

blame() {
    echo "$*"
    violations=$((violations + 1))
}

finish() {
    ((violations == 0)) || {
        echo "$violations violations"
        exit 1
    }
    echo "none found"
}
