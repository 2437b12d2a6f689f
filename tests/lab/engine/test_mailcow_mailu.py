#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The files of scripts/mailcow and scripts/mailu, as an operator puts them in place, in containers that start as those
of mailcow and Mailu do: see mailcow_case.py, mailcow_releases.py and mailu_case.py."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, "../.."), HERE]
import lab_case
import mail_systems
import mailcow_case
import mailcow_releases
import mailu_case


# Of this module, as both use one engine, which goes with the module of its tests.
class Mailcow(mailcow_case.Mailcow):
    pass


class MailcowReleases(mailcow_releases.Releases):
    pass


class Mailu(mailu_case.Mailu):
    pass


if __name__ == "__main__":
    mail_systems.fetch_releases()
    lab_case.main(HERE)
