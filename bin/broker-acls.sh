#!/bin/sh
# Says who may do what. See --help; tool.sh tells of the environment.
set -eu
script=$(readlink -f "$0")
# Says who may do what. See --help; tool.sh tells of the environment.
. "${script%/*}/tool.sh"
run_tool acls "$@"
