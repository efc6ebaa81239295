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

# Starts a command in the background, and returns when it serves. What it prints goes to LOGS/NAME.out; it writes LOGS/NAME.pid.
start_in_background() { # NAME NOUN LOGS_VARIABLE LOGS MAIN WAIT_SECONDS COMMAND...
    name=$1 noun=$2 variable=$3 logs=$4 main=$5 waits=$(($6 * 20))
    shift 6
    pid_file=$logs/$name.pid
    if [ -f "$pid_file" ]; then
        if runs "$(cat "$pid_file")" "$main"; then
            fail "A $noun runs already, process $(cat "$pid_file"); set $variable to run another beside it"
        fi
        rm -f "$pid_file"
    fi
    nohup "$@" >"$logs/$name.out" 2>&1 </dev/null &
    pid=$!
    while [ ! -s "$pid_file" ]; do
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
    done
    cat "$logs/$name.out"
    echo "Process $pid (in $pid_file), logs in $logs"
}

# Stops the process that a file names, and waits for it to end.
stop_and_wait() { # NOUN PID_FILE MAIN
    pid=$(cat "$2" 2>/dev/null) || pid=
    if [ -z "$pid" ] || ! runs "$pid" "$3"; then
        echo "No $1 runs (by $2)" >&2
        exit 1
    fi
    echo "Stopping the $1, process $pid"
    kill -TERM "$pid" 2>/dev/null || true
    while runs "$pid" "$3"; do
        sleep 0.1
    done
    echo "Stopped"
}
