#!/usr/bin/env bash
# Starts an embedded broker with the Java client in fresh JVMs, one after the other, and prints the medians of what it took.
set -euo pipefail

usage() {
    cat <<'EOT'
usage: benchmarks/embedded-start.sh [RUNS] [JAVA_HOME...]

Each run starts an embedded broker in a JVM that has seen neither it nor a client, with default options, sends a record and
consumes it, from an assigned partition and as a member of a group. Milliseconds, medians of RUNS (default 9), for each
JAVA_HOME (default: the one of the environment).

examples:
  benchmarks/embedded-start.sh
  benchmarks/embedded-start.sh 15 /usr/lib/jvm/java-17-openjdk-amd64 /usr/lib/jvm/temurin-25-jdk-amd64
EOT
}

case ${1:-} in -h | --help) usage; exit 0 ;; esac
runs=${1:-9}
case $runs in '' | *[!0-9]*) usage >&2; exit 2 ;; esac
[ $# -eq 0 ] || shift
if [ $# -eq 0 ]; then
    java=$(readlink -f "$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java")")
    set -- "${java%/bin/java}"
fi

root=$(cd "$(dirname "$0")/.." && pwd)
if [ ! -s "$root/benchmarks/target/jmh.classpath" ]; then
    echo "Building the broker and its benchmarks" >&2
    mvn -q -B -f "$root/pom.xml" -DskipTests package
fi
class_path=$root/benchmarks/target/classes:$(cat "$root/benchmarks/target/jmh.classpath")
results=$(mktemp)
trap 'rm -f "$results"' EXIT

# Interleaved, so that a change of the machine's mood meets all alike.
for run in $(seq 1 "$runs"); do
    echo "run $run of $runs" >&2
    for home in "$@"; do
        for mode in assigned group; do
            echo "$home $mode $("$home/bin/java" -cp "$class_path" io.odradek.benchmarks.EmbeddedStartProbe "$mode" 2>/dev/null)" >>"$results"
        done
    done
done

median() { # java home, mode, column
    awk -v home="$1" -v mode="$2" -v column="$3" '$1 == home && $2 == mode { print $column }' "$results" | sort -n |
        awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}
printf '%-48s %-9s %8s %9s %9s %6s\n' Java consumer started produced consumed close
for home in "$@"; do
    for mode in assigned group; do
        printf '%-48s %-9s' "$home" "$mode"
        printf ' %8s %9s %9s %6s\n' "$(median "$home" "$mode" 3)" "$(median "$home" "$mode" 4)" \
            "$(median "$home" "$mode" 5)" "$(median "$home" "$mode" 6)"
    done
done
