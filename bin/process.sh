# What the scripts beside it share about processes in the background, to be read by them. Who runs there is told by a file of
# its process id, which the program itself writes when it serves, and by the Java class it runs.
# shellcheck shell=sh

# Whether PID runs MAIN, or is about to end: then it has lost its arguments, or its first thread, but may have its ports still.
# A process that has ended may stay in the table until its parent asks for it, and its number may be another's by now.
runs() { # PID MAIN
    process=$(ps -o stat= -o args= -p "$1" 2>/dev/null) || return 1
    case ${process%% *} in
        Z*l*) return 0 ;;
        Z*) return 1 ;;
    esac
    case $process in
        *"$2"* | *' [java]') return 0 ;;
    esac
    return 1
}

# Makes the folder of logs ready for a program: it is there, can be written, and nobody else's.
take_logs() { # NAME NOUN LOGS_VARIABLE LOGS MAIN
    mkdir -p "$4" 2>/dev/null || true
    [ -d "$4" ] || fail "There can be no folder $4 for logs; $3 says where they go"
    if [ -s "$4/$1.pid" ] && runs "$(cat "$4/$1.pid")" "$5"; then
        fail "A $2 runs already with logs in $4, process $(cat "$4/$1.pid"); set $3 to run another beside it"
    fi
    for file in "$4/$1.out" "$4/$1.log0" "$4/$1.pid"; do
        (: >>"$file") 2>/dev/null || fail "$file cannot be written; $3 says where logs go"
    done
    rm -f "$4/$1.pid"
}

# Starts a command in the background, and returns when it serves. What it prints goes to LOGS/NAME.out; it writes LOGS/NAME.pid.
start_in_background() { # NAME NOUN LOGS WAIT_SECONDS COMMAND...
    name=$1 noun=$2 logs=$3 waits=$(($4 * 20))
    shift 4
    pid_file=$logs/$name.pid
    nohup "$@" >"$logs/$name.out" 2>&1 </dev/null &
    pid=$!
    written=
    while [ "$written" != "$pid" ]; do
        if ! kill -0 "$pid" 2>/dev/null; then
            status=0
            wait "$pid" || status=$?
            cat "$logs/$name.out"
            # --help and the like end well without serving.
            [ "$status" -ne 0 ] || exit 0
            fail "The $noun has not started; logs in $logs"
        fi
        waits=$((waits - 1))
        [ "$waits" -gt 0 ] || fail "The $noun, process $pid, is still starting; logs in $logs"
        sleep 0.05
        [ ! -s "$pid_file" ] || read -r written <"$pid_file" || true
    done
    cat "$logs/$name.out"
    echo "Process $pid (in $pid_file), logs in $logs"
}

# Stops the process that LOGS/NAME.pid names, and waits for it to end.
stop_and_wait() { # NAME NOUN LOGS_VARIABLE LOGS MAIN WAIT_SECONDS
    pid=$(cat "$4/$1.pid" 2>/dev/null) || pid=
    if [ -z "$pid" ] || ! runs "$pid" "$5"; then
        echo "No $2 runs by $4/$1.pid; one with logs elsewhere is stopped with the same $3" >&2
        exit 1
    fi
    echo "Stopping the $2, process $pid"
    kill -TERM "$pid" 2>/dev/null || true
    waits=$(($6 * 10))
    while runs "$pid" "$5"; do
        if [ "$waits" -le 0 ]; then
            echo "The $2, process $pid, has not ended within $6 s; logs in $4. It may still end by itself;" \
                "kill -9 $pid ends it at once, and its next start repairs what that leaves" >&2
            exit 1
        fi
        waits=$((waits - 1))
        sleep 0.1
    done
    echo "Stopped"
}
