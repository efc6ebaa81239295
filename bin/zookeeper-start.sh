#!/bin/sh
# Starts a ZooKeeper server, alone or as one of an ensemble: zookeeper-start.sh [-daemon] [CONFIG]
# Builds it first if it has not been built. See --help; environment:
#   JAVA_HOME             the Java to run on (default: java on the path)
#   ZOOKEEPER_HEAP_OPTS   heap options (or KAFKA_HEAP_OPTS; default: -Xms64m -Xmx512m)
#   ZOOKEEPER_OPTS        further JVM options (or KAFKA_OPTS)
#   ZOOKEEPER_LOG_DIR     where log files and zookeeper.pid go (default: logs beside bin)
#   ZOOKEEPER_START_WAIT_SECONDS   how long -daemon waits until the server runs (default: 120)
set -eu

script=$(readlink -f "$0")
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${script%/*}/common.sh"
# shellcheck source-path=SCRIPTDIR source=process.sh
. "${script%/*}/process.sh"

logs=${ZOOKEEPER_LOG_DIR:-$home/logs}
main=io.odradek.server.ZooKeeperMain
# What a server of ZooKeeper needs beside the jars of the broker, which has its client.
server_lib=$dist/zookeeper

daemon=false
if [ "${1:-}" = -daemon ]; then
    daemon=true
    shift
fi
[ $# -gt 0 ] || set -- "$home/config/zookeeper.properties"

{ built && [ -d "$server_lib" ]; } || build
mkdir -p "$logs" || exit 1

# shellcheck disable=SC2086 # options are meant to be split
set -- ${ZOOKEEPER_HEAP_OPTS:-${KAFKA_HEAP_OPTS:--Xms64m -Xmx512m}} -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError $native_options \
    -Djava.util.logging.manager=io.odradek.server.logging.LastingLogManager \
    -Djava.util.logging.config.file="$home/config/zookeeper-logging.properties" -Dodradek.log.dir="$logs" \
    -Dodradek.log.name=zookeeper -Dodradek.pid.file="$logs/zookeeper.pid" ${ZOOKEEPER_OPTS:-${KAFKA_OPTS:-}} \
    -cp "$server_lib/*:$lib/*" "$main" "$@"

[ "$daemon" = true ] || exec "$java" "$@"
start_in_background zookeeper "ZooKeeper server" ZOOKEEPER_LOG_DIR "$logs" "$main" "${ZOOKEEPER_START_WAIT_SECONDS:-120}" \
    "$java" "$@"
