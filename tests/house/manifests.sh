#!/bin/bash
# SPDX-License-Identifier: MIT
# The Kubernetes manifests are what manifests.py says of them. MAILSTATE: the program, whose options they name.
source "$(dirname "$0")/house.sh"

HOUSE_TREE=$tree /usr/bin/python3 "$house/manifests.py" || blame "see above"
finish
