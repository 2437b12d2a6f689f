#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The files of scripts/mailcow and scripts/mailu, as an operator puts them in place, in containers that start as those
of mailcow and Mailu do: see mailcow_case.py and mailu_case.py."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../.."), HERE]
import lab_case
import mailcow_case
import mailu_case


# Of this module, as both use one engine, which goes with the module of its tests.
class Mailcow(mailcow_case.Mailcow):
    pass


class Mailu(mailu_case.Mailu):
    pass


if __name__ == "__main__":
    lab_case.main(HERE)
