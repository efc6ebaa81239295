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

built || build

# shellcheck disable=SC2086 # options are meant to be split
exec "$java" ${BROKER_HEAP_OPTS:-${KAFKA_HEAP_OPTS:--Xms16m -Xmx256m}} -XX:+UseSerialGC \
    $native_options ${BROKER_OPTS:-${KAFKA_OPTS:-}} -cp "$lib/*" io.odradek.server.tools.DumpLogTool "$@"
