#!/bin/sh
# Measures how fast records are taken. See --help; tool.sh tells of the environment.
set -eu
script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "${script%/*}/tool.sh"
run_tool producer-perf-test "$@"
