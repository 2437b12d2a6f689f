#!/bin/bash
# SPDX-License-Identifier: MIT
# The Dockerfile's build stage installs the build packages of scripts/packages, no more and no less.
source "$(dirname "$0")/house.sh"

listed=$(bash scripts/packages build | sort)
installed=$(sed -n '/ AS build$/,/^COPY/{/apt-get install/,/rm -rf/p}' Dockerfile | tr -d '\\' |
    grep -vE 'apt-get|rm -rf' | xargs -n 1 | sort)
[[ -n $listed ]] || blame "scripts/packages lists nothing"
[[ $listed == "$installed" ]] || blame "Dockerfile and scripts/packages differ:
$(diff <(echo "$listed") <(echo "$installed"))"
finish
