#!/bin/sh
# Moves replicas to other brokers and log folders. See --help; tool.sh tells of the environment.
set -eu
script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "${script%/*}/tool.sh"
run_tool reassign-partitions "$@"
