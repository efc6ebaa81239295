#!/bin/sh
# Shows the log folders of brokers. See --help; tool.sh tells of the environment.
set -eu
script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "${script%/*}/tool.sh"
run_tool log-dirs "$@"
