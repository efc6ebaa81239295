#!/usr/bin/env bash
# Starts a broker by its script again and again, and prints how soon it was of use to a client that runs already.
set -euo pipefail

usage() {
    cat <<'EOT'
usage: benchmarks/start-up.sh [ROUNDS] [SCRIPT [CONFIG]]

From the start of SCRIPT (default: bin/broker-start.sh, with its own configuration) on an empty folder until its port is open,
until a first record is acknowledged, and until the member of a group has read it; medians of ROUNDS (default 9). The client
runs in a JVM that has done the same thirty times before, with another broker: what a client takes in a new JVM is no
broker's doing (the line "floor" of embedded-start.sh tells it). JAVA_HOME decides which Java runs all of it.

examples:
  benchmarks/start-up.sh
  JAVA_HOME=/usr/lib/jvm/temurin-25-jdk-amd64 benchmarks/start-up.sh 15 /opt/odradek/bin/broker-start.sh
EOT
}

case ${1:-} in -h | --help) usage; exit 0 ;; esac
root=$(cd "$(dirname "$0")/.." && pwd)
rounds=${1:-9}
case $rounds in '' | *[!0-9]*) usage >&2; exit 2 ;; esac
script=${2:-$root/bin/broker-start.sh}
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
if [ ! -s "$root/benchmarks/target/jmh.classpath" ]; then
    echo "Building the broker and its benchmarks" >&2
    mvn -q -B -f "$root/pom.xml" -DskipTests package
fi
class_path=$root/benchmarks/target/classes:$(cat "$root/benchmarks/target/jmh.classpath")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Once before: the archive of classes is made for this Java, if that has not been done.
"$script" --version >/dev/null
"$java" -cp "$class_path" io.odradek.benchmarks.StartUpProbe "$rounds" "$folder" "$script" ${3:+"$3"} 2>/dev/null
