#!/bin/sh
# Shows transactions and producers, and ends transactions that hang. See --help; tool.sh tells of the environment.
set -eu
script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "${script%/*}/tool.sh"
run_tool transactions "$@"
