#!/bin/sh
# Shows and prepares the storage of a broker that does not run. See --help; tool.sh tells of the environment.
set -eu
script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "${script%/*}/tool.sh"
run_tool storage "$@"
