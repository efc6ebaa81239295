#!/usr/bin/env bash
# Runs the JMH benchmarks; builds them first if they are missing or older than the sources.
set -euo pipefail

usage() {
    cat <<'HELP'
usage: benchmarks/jmh.sh [REGEX] [JMH options]

REGEX chooses benchmarks by class or method; without it all run. Each class says what it measures and what a good figure
is made of. Useful options: -f forks, -wi/-i warm-up and measured iterations, -w/-r their seconds, -p parameter=value,
-prof gc|stack, -l to list, -h for all of them. -jvmArgsAppend -Djava.io.tmpdir=FOLDER chooses the disk of AppendBenchmark.

examples:
  benchmarks/jmh.sh -l
  benchmarks/jmh.sh FetchCodec -f 1 -wi 2 -i 3
  benchmarks/jmh.sh 'BatchValidation.*validate$' -p codec=NONE,LZ4 -prof gc
  benchmarks/jmh.sh Append -jvmArgsAppend -Djava.io.tmpdir=/mnt/disk
HELP
}

[ "${1:-}" != --help ] || { usage; exit 0; }
root=$(cd "$(dirname "$0")/.." && pwd)
list=$root/benchmarks/target/jmh.classpath
if [ ! -s "$list" ] || [ -n "$(find "$root"/pom.xml "$root"/broker-*/pom.xml "$root"/broker-*/src/main \
    "$root"/broker-protocol/processor "$root"/benchmarks/pom.xml "$root"/benchmarks/src \
    -path '*/target' -prune -o -type f -newer "$list" -print -quit)" ]; then
    echo "Building the benchmarks" >&2
    mvn -q -B -f "$root/pom.xml" -DskipTests -Dspotless.check.skip=true package -pl benchmarks -am >&2
    touch "$list"
fi
exec "${JAVA_HOME:+$JAVA_HOME/bin/}java" -cp "$root/benchmarks/target/classes:$(cat "$list")" org.openjdk.jmh.Main "$@"
