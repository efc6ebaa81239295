#!/bin/sh
# Reads a topic in a group, and prints what happens as JSON. See --help; tool.sh tells of the environment.
set -eu
script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "${script%/*}/tool.sh"
run_tool verifiable-consumer "$@"
