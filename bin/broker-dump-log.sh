#!/bin/sh
# Shows what stands in the files of a log folder: broker-dump-log.sh [OPTION]... FILE|FOLDER...
# Builds the broker first if it has not been built. See --help; environment:
#   JAVA_HOME          the Java to run on (default: java on the path)
#   BROKER_HEAP_OPTS   heap options (or KAFKA_HEAP_OPTS; default: -Xms16m -Xmx256m)
#   BROKER_OPTS        further JVM options (or KAFKA_OPTS)
set -eu

script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${script%/*}/common.sh"

build_or_warn

# Nothing in options stands for the names of files.
set -f
heap_options=${BROKER_HEAP_OPTS:-${KAFKA_HEAP_OPTS:-}}
further_options=${BROKER_OPTS:-${KAFKA_OPTS:-}}
collector=-XX:+UseSerialGC
# shellcheck disable=SC2086 # options are meant to be split
look_at_options ${JAVA_TOOL_OPTIONS:-} ${JDK_JAVA_OPTIONS:-} ${_JAVA_OPTIONS:-} $heap_options $further_options
[ "$heap_is_named" = true ] || heap_options="-Xms16m -Xmx256m $heap_options"
[ "$collector_is_named" = false ] || collector=

# shellcheck disable=SC2086 # options are meant to be split
exec "$java" $heap_options $collector $native_options $further_options -cp "$lib/*" io.odradek.server.tools.dump.DumpLogTool "$@"
