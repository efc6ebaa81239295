#!/bin/sh
# Shows and changes the settings of topics, brokers, their loggers, and groups, and quotas of clients. See --help; tool.sh tells
# of the environment.
set -eu
script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "${script%/*}/tool.sh"
run_tool configs "$@"
