# What the scripts that run brokers side by side share; sourced after root and work have been set.
peers=$root/broker-server/src/test/peers
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

# Builds what is not built, fetches Kafka's jars, and sets what runs them.
prepare_tools() {
    mkdir -p "$work"
    tools=$("$peers/classpath.sh" 3.9.2 "$work")
    [ -d "$root/benchmarks/target/classes" ] && ls "$root"/broker-server/target/dist/lib/*.jar >/dev/null 2>&1 || {
        echo "Building the broker and its benchmarks" >&2
        mvn -q -B -f "$root/pom.xml" -DskipTests -Dspotless.check.skip=true package
    }
    cat >"$work/log4j.properties" <<'EOT'
log4j.rootLogger=WARN, err
log4j.appender.err=org.apache.log4j.ConsoleAppender
log4j.appender.err.target=System.err
log4j.appender.err.layout=org.apache.log4j.PatternLayout
log4j.appender.err.layout.ConversionPattern=[%d] %p %m (%c)%n
EOT
    # What kafka-server-start.sh and kafka-run-class.sh give the JVM.
    kafka_jvm=(-Xmx1G -Xms1G -server -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -XX:InitiatingHeapOccupancyPercent=35
        -XX:+ExplicitGCInvokesConcurrent -Djava.awt.headless=true -Dlog4j.configuration="file:$work/log4j.properties")
    client_jvm=(-Xmx512M -Dlog4j.configuration="file:$work/log4j.properties" -cp "$root/benchmarks/target/classes:$tools")
}

started=()
stop_all() {
    for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
    for pid in "${started[@]}"; do wait "$pid" 2>/dev/null || true; done
    started=()
}

free_port() { "$java" -cp "$root/benchmarks/target/classes" io.odradek.benchmarks.FreePort; }

# Clock ticks of user and system time of a process: all threads, then the compiler threads.
cpu_ticks() {
    local all jit
    all=$(sed 's/.*) //' "/proc/$1/stat" | awk '{print $12 + $13}')
    jit=$(for task in /proc/"$1"/task/*; do
        case $(cat "$task/comm" 2>/dev/null) in C[12]\ Compiler*) sed 's/.*) //' "$task/stat" ;; esac
    done | awk '{sum += $12 + $13} END {print sum + 0}')
    echo "$all $jit"
}

start_zookeeper() { # folder: sets zk_port
    mkdir -p "$1"
    zk_port=$(free_port)
    printf '%s\n' "dataDir=$1/zookeeper" "clientPort=$zk_port" clientPortAddress=127.0.0.1 \
        admin.enableServer=false >"$1/zookeeper.properties"
    "$java" -Xmx512M -Dlog4j.configuration="file:$work/log4j.properties" -cp "$tools" \
        org.apache.zookeeper.server.quorum.QuorumPeerMain "$1/zookeeper.properties" >"$1/zookeeper.out" 2>&1 &
    started+=("$!")
    until (exec 3<>"/dev/tcp/127.0.0.1/$zk_port") 2>/dev/null; do sleep 0.1; done
}

# Starts a broker with its data in folder/data; settings after the port are KEY=VALUE. Sets pid.
start_broker() { # name folder port [KEY=VALUE...]
    local name=$1 folder=$2 port=$3 setting overrides=()
    shift 3
    mkdir -p "$folder"
    case $name in
        odradek)
            for setting in "$@"; do overrides+=(--override "$setting"); done
            BROKER_LOG_DIR=$folder/logs "$root/bin/broker-start.sh" "$root/config/broker.properties" \
                --override "listeners=PLAINTEXT://127.0.0.1:$port" \
                --override "advertised.listeners=PLAINTEXT://127.0.0.1:$port" --override "log.dirs=$folder/data" \
                "${overrides[@]}" >"$folder/broker.out" 2>&1 & ;;
        kafka-3.9.2)
            printf '%s\n' broker.id=0 "listeners=PLAINTEXT://127.0.0.1:$port" "log.dirs=$folder/data" \
                "zookeeper.connect=127.0.0.1:$zk_port" offsets.topic.replication.factor=1 "$@" >"$folder/server.properties"
            "$java" "${kafka_jvm[@]}" -cp "$tools" kafka.Kafka "$folder/server.properties" >"$folder/broker.out" 2>&1 & ;;
        kafka-4.4.0)
            printf '%s\n' "$@" >>"$folder/server.properties"
            "$java" "${kafka_jvm[@]}" -cp "$kafka4" kafka.Kafka "$folder/server.properties" >"$folder/broker.out" 2>&1 & ;;
    esac
    pid=$!
    started+=("$pid")
}

median() { sort -g | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }

# Runs every combination of two lists on each variant, in rounds that are interleaved over the variants, each time on an empty
# folder. Of rounds, variants, data and results that the script has set; it brings start_variant, which is given variant, folder
# and port and sets pid, and load, which is given variant, port and one of each list and adds a line to results.
run_rounds() { # list list
    local round variant folder port one other
    for round in $(seq 1 "$rounds"); do
        for variant in ${variants//,/ }; do
            folder=$data/$variant-$round
            mkdir -p "$folder"
            port=$(free_port)
            echo "round $round of $rounds: $variant" >&2
            start_variant "$variant" "$folder" "$port"
            await_broker "$variant" "$folder" "$port"
            for one in ${1//,/ }; do
                for other in ${2//,/ }; do load "$variant" "$port" "$one" "$other"; done
            done
            stop_all
            rm -rf "$folder/data"
        done
    done
}

await_broker() { # variant folder port
    local waited=0
    until (exec 3<>"/dev/tcp/127.0.0.1/$3") 2>/dev/null; do
        sleep 0.2
        waited=$((waited + 1))
        if [ $waited -gt 600 ] || ! kill -0 "$pid" 2>/dev/null; then
            echo "$0: $1 did not start; it said:" >&2
            tail -n 20 "$2/broker.out" >&2
            exit 1
        fi
    done
}

# The median over the rounds of a column of results, which has begun with the variant and one of each list.
median_of() { # variant one other column
    awk -v v="$1" -v a="$2" -v b="$3" -v c="$4" '$1 == v && $2 == a && $3 == b {print $c}' "$results" | median
}

tell_machine() {
    printf '%s cores; %s; load of the machine at the end: %s\n\n' "$(nproc)" \
        "$("$java" -version 2>&1 | sed -n 2p)" "$(cut -d' ' -f1-3 /proc/loadavg)"
}
