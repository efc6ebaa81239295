#!/usr/bin/env bash
# Shows that the cluster simulator can see: applies each mutation of this folder to a copy of the sources, and runs seeds
# until one fails. Usage: broker-core/src/test/mutations/run.sh [name ...]   (all of them without names)
# RUNS says how many seeds at most (1000), FROM where they begin (1), THREADS how many run at once.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../../.." && pwd)
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for patch in "$here"/*.patch; do names+=("$(basename "$patch" .patch)"); done
fi
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
missed=0
for name in "${names[@]}"; do
  rm -rf "${copy:?}"/*
  (cd "$root" && git ls-files -z --cached --others --exclude-standard | grep -zvE '^(benchmarks|broker-server)/' \
    | xargs -0 -I{} sh -c 'test ! -f "$1" || printf "%s\0" "$1"' _ {} | xargs -0 cp --parents -t "$copy")
  if ! (cd "$copy" && patch -p1 -s --no-backup-if-mismatch < "$here/$name.patch"); then
    echo "$name: does not apply any more"; missed=1; continue
  fi
  sed -i '/<module>broker-server<\/module>/d; /<module>benchmarks<\/module>/d' "$copy/pom.xml"
  if ! (cd "$copy" && mvn -o -q -B test-compile -DskipTests > "$copy/build.log" 2>&1); then
    echo "$name: does not compile any more"; tail -5 "$copy/build.log"; missed=1; continue
  fi
  path="$copy/broker-core/target/test-classes:$copy/broker-core/target/classes"
  path="$path:$copy/broker-storage/target/test-classes:$copy/broker-storage/target/classes:$copy/broker-protocol/target/classes"
  for jar in org/slf4j/slf4j-api at/yawk/lz4/lz4-java org/xerial/snappy/snappy-java com/github/luben/zstd-jni; do
    path="$path:$(ls "$HOME"/.m2/repository/$jar/*/*.jar | grep -v -- '-sources' | sort | tail -1)"
  done
  if java -cp "$path" -Dsim.failures=1 -Dsim.runs="${RUNS:-1000}" -Dsim.from="${FROM:-1}" \
      ${THREADS:+-Dsim.threads=$THREADS} io.odradek.core.simulation.NightRuns > "$copy/runs.log" 2>&1; then
    echo "$name: NOT CAUGHT: $(tail -1 "$copy/runs.log")"; missed=1
  else
    echo "$name: $(grep -m1 'fails after' "$copy/runs.log" | cut -c1-220); $(tail -1 "$copy/runs.log")"
  fi
done
exit $missed
