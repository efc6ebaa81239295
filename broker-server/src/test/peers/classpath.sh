#!/usr/bin/env bash
# Prints the class path of Apache Kafka VERSION with its tools, fetched from Maven Central once and remembered in TARGET.
#   classpath.sh 3.9.2 broker-server/target/peers
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: $0 VERSION TARGET" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
list=$(cd "$2" && pwd)/kafka-$1.classpath
if command -v flock >/dev/null; then
    # Tests run in several processes: the first fetches, the others wait.
    exec 9>"$list.lock"
    flock 9
fi
if [ ! -s "$list" ]; then
    [ -f "$here/kafka-$1/pom.xml" ] || { echo "$0: no such peer: kafka-$1" >&2; exit 2; }
    echo "Fetching Apache Kafka $1 from Maven Central" >&2
    mvn -q -B -f "$here/kafka-$1/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.11.0:build-classpath -Dmdep.outputFile="$list.part" >&2
    mv "$list.part" "$list"
fi
cat "$list"
