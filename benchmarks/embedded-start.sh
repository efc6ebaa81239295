#!/usr/bin/env bash
# Starts an embedded broker with the Java client in fresh JVMs, one after the other, and prints the medians of what it took.
set -euo pipefail

usage() {
    cat <<'EOT'
usage: benchmarks/embedded-start.sh [--spring] [RUNS] [JAVA_HOME...]

Each run starts an embedded broker in a JVM that has seen neither it nor a client, with default options, sends a record and
consumes it, from an assigned partition and as a member of a group, closes it, and starts and closes a second one.
Milliseconds, medians of RUNS (default 9), for each JAVA_HOME (default: the one of the environment). The line "floor" is
the same client, as cold, with a broker that runs already in another process: no embedded broker can be faster than that.

  --spring   the same with the embedded broker of spring-kafka-test, which is fetched, and what the former take of the latter

examples:
  benchmarks/embedded-start.sh
  benchmarks/embedded-start.sh --spring 15 /usr/lib/jvm/java-17-openjdk-amd64 /usr/lib/jvm/temurin-25-jdk-amd64
EOT
}

spring=false
case ${1:-} in
    -h | --help) usage; exit 0 ;;
    --spring) spring=true; shift ;;
esac
runs=${1:-9}
case $runs in '' | *[!0-9]*) usage >&2; exit 2 ;; esac
[ $# -eq 0 ] || shift
if [ $# -eq 0 ]; then
    java=$(readlink -f "$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java")")
    set -- "${java%/bin/java}"
fi

root=$(cd "$(dirname "$0")/.." && pwd)
work=$root/benchmarks/target
if [ ! -s "$work/jmh.classpath" ]; then
    echo "Building the broker and its benchmarks" >&2
    mvn -q -B -f "$root/pom.xml" -DskipTests package
fi
class_path=$work/classes:$(cat "$work/jmh.classpath")
# What an embedder has: the one jar, before those that it is made of.
embedded=$(echo "$root"/broker-server/embedded/target/odradek-embedded-*.jar)
kinds="odradek floor"
if [ "$spring" = true ]; then
    kinds="$kinds spring"
    if [ ! -s "$work/spring.classpath" ]; then
        mvn -q -B -f "$root/benchmarks/spring/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.8.1:build-classpath \
            -Dmdep.outputFile="$work/spring.classpath"
    fi
    spring_path=$work/spring:$work/classes:$(cat "$work/spring.classpath")
    mkdir -p "$work/spring"
    javac -d "$work/spring" -cp "$spring_path" "$root/benchmarks/spring/SpringStartProbe.java"
fi
results=$(mktemp)
running=$(mktemp -d)
trap 'kill "$broker" 2>/dev/null && wait "$broker" || true; rm -rf "$results" "$running"' EXIT

# A port that is free now; the broker says when it serves on it.
"$1/bin/java" -cp "$class_path" io.odradek.server.BrokerMain "$root/config/broker.properties" \
    --override "log.dirs=$running" --override listeners=PLAINTEXT://127.0.0.1:0 \
    --override advertised.listeners=PLAINTEXT://127.0.0.1:0 --override group.initial.rebalance.delay.ms=0 \
    --override offsets.topic.num.partitions=3 >"$running.out" 2>"$running.err" &
broker=$!
until servers=$(sed -n 's#.*PLAINTEXT://\([^ ,]*\).*#\1#p' "$running.out") && [ -n "$servers" ]; do
    kill -0 "$broker" 2>/dev/null || { echo "The broker of the floor has not started:"; cat "$running.err"; exit 1; } >&2
    sleep 0.1
done
rm -f "$running.out" "$running.err"

probe() { # java home, kind, mode
    case $2 in
        odradek) "$1/bin/java" -cp "$embedded:$class_path" io.odradek.benchmarks.EmbeddedStartProbe "$3" ;;
        floor) echo "- $("$1/bin/java" -cp "$class_path" io.odradek.benchmarks.FirstRecord "$servers" "$3") - - -" ;;
        spring) "$1/bin/java" -cp "$spring_path" SpringStartProbe "$3" ;;
    esac 2>/dev/null
}

# Not counted: it warms the broker of the other process.
probe "$1" floor group >/dev/null

# Interleaved, so that a change of the machine's mood meets all alike.
for run in $(seq 1 "$runs"); do
    echo "run $run of $runs" >&2
    for home in "$@"; do
        for mode in assigned group; do
            for kind in $kinds; do
                echo "$home $mode $kind $(probe "$home" "$kind" "$mode")" >>"$results"
            done
        done
    done
done

median() { # java home, mode, kind, column
    awk -v home="$1" -v mode="$2" -v kind="$3" -v column="$4" '$1 == home && $2 == mode && $3 == kind { print $column }' \
        "$results" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
columns="4 5 6 7 8 9"
printf '%-40s %-9s %-9s %8s %9s %9s %6s %7s %6s\n' Java consumer broker started produced consumed close second close
for home in "$@"; do
    for mode in assigned group; do
        for kind in $kinds; do
            printf '%-40s %-9s %-9s' "$home" "$mode" "$kind"
            # shellcheck disable=SC2046 # one word a column
            printf ' %8s %9s %9s %6s %7s %6s\n' $(for column in $columns; do median "$home" "$mode" "$kind" "$column"; done)
        done
        printf '%-40s %-9s %-9s consumed %s ms later than the floor\n' "$home" "$mode" odradek \
            "$(($(median "$home" "$mode" odradek 6) - $(median "$home" "$mode" floor 6)))"
        if [ "$spring" = true ]; then
            printf '%-40s %-9s %-9s' "$home" "$mode" "of spring"
            # shellcheck disable=SC2046
            printf ' %8s %9s %9s %6s %7s %6s\n' $(for column in $columns; do
                awk -v a="$(median "$home" "$mode" odradek "$column")" -v b="$(median "$home" "$mode" spring "$column")" \
                    'BEGIN { printf "%.3f ", a / b }'
            done)
        fi
    done
done
