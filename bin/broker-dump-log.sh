#!/bin/sh
# Shows what stands in the files of a log folder, and repairs them. See --help; tool.sh tells of the environment.
set -eu
script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=tool.sh
. "${script%/*}/tool.sh"
run_tool dump-log "$@"
