#!/bin/sh
# Starts a broker: broker-start.sh [-daemon] [CONFIG] [--override KEY=VALUE]...
# Builds it first if it has not been built. See --help; environment:
#   JAVA_HOME          the Java to run on (default: java on the path)
#   BROKER_HEAP_OPTS   heap options (or KAFKA_HEAP_OPTS; default: -Xms256m -Xmx1g)
#   BROKER_OPTS        further JVM options (or KAFKA_OPTS)
#   BROKER_LOG_DIR     where log files and broker.pid go (default: logs beside bin)
set -eu

home=$(cd "$(dirname "$0")/.." && pwd)
lib=$home/broker-server/target/dist/lib
logs=${BROKER_LOG_DIR:-$home/logs}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

if ! ls "$lib"/broker-server-*.jar >/dev/null 2>&1; then
    echo "Building the broker first (once)..." >&2
    (cd "$home" && mvn -q -B -DskipTests -pl broker-server -am package) >&2
fi

daemon=false
if [ "${1:-}" = "-daemon" ]; then
    daemon=true
    shift
fi

# The first argument that is neither an option nor an option's value is the configuration file.
config=
skip=false
for argument in "$@"; do
    if [ "$skip" = true ]; then
        skip=false
    elif [ "$argument" = "--override" ]; then
        skip=true
    elif [ "${argument#-}" = "$argument" ]; then
        config=$argument
    fi
done
[ -n "$config" ] || set -- "$home/config/broker.properties" "$@"

mkdir -p "$logs"

# An archive of the classes that a start loads makes the next start short. It is written when a broker stops, belongs to
# one build and one Java, and does no harm when it cannot be used.
release=$(dirname "$(dirname "$(readlink -f "$(command -v "$java")")")")/release
archive=$home/broker-server/target/dist/classes-$(cksum <"$release" 2>/dev/null | cut -d' ' -f1).jsa
if [ -f "$archive" ] && [ -z "$(find "$lib" -newer "$archive" -name '*.jar' | head -n 1)" ]; then
    classes=-XX:SharedArchiveFile=$archive
else
    classes=-XX:ArchiveClassesAtExit=$archive
fi

# The optimizing compiler is asked for help four times later than by default: most of a request is spent in the kernel, and
# compiling took more of the first gigabytes than the better code gave back.
compiler="-XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=2400 -XX:Tier4CompileThreshold=60000
    -XX:Tier4BackEdgeThreshold=160000"

# shellcheck disable=SC2086 # options are meant to be split
set -- ${BROKER_HEAP_OPTS:-${KAFKA_HEAP_OPTS:--Xms256m -Xmx1g}} \
    -XX:+UseSerialGC $compiler -XX:+ExitOnOutOfMemoryError -Xshare:auto "$classes" -Xlog:cds=off -Xlog:cds+dynamic=off \
    -Djava.util.logging.config.file="$home/config/logging.properties" \
    -Djava.util.logging.manager=io.odradek.server.logging.LastingLogManager \
    -Dodradek.log.dir="$logs" -Dodradek.pid.file="$logs/broker.pid" \
    -Dio.netty.machineId=00:00:00:00:00:00:00:01 -Dio.netty.leakDetection.level=disabled \
    ${BROKER_OPTS:-${KAFKA_OPTS:-}} \
    -cp "$lib/*" io.odradek.server.BrokerMain "$@"

if [ "$daemon" = true ]; then
    nohup "$java" "$@" >"$logs/broker.out" 2>&1 </dev/null &
    exit 0
fi
exec "$java" "$@"
