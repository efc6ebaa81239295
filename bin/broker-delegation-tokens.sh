#!/bin/sh
# Makes, renews, ends and shows delegation tokens. See --help; tool.sh tells of the environment.
set -eu
script=$(readlink -f "$0")
# Makes, renews, ends and shows delegation tokens. See --help; tool.sh tells of the environment.
. "${script%/*}/tool.sh"
run_tool delegation-tokens "$@"
