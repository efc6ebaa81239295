#!/bin/sh
# Looks for the classic mistakes, and says what to do. See --help; tool.sh tells of the environment.
set -eu
script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "${script%/*}/tool.sh"
run_tool doctor "$@"
