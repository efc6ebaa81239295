package io.odradek.server.tools.reassignment;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** What the tool can be asked to do, and the options that go with each. */
enum Action {
    GENERATE("--topics-to-move-json-file", "--broker-list", "--disable-rack-aware"),
    EXECUTE(
            "--reassignment-json-file",
            "--throttle",
            "--replica-alter-log-dirs-throttle",
            "--additional",
            "--timeout",
            "--disallow-replication-factor-change"),
    VERIFY("--reassignment-json-file", "--preserve-throttles"),
    CANCEL("--reassignment-json-file", "--preserve-throttles", "--timeout"),
    LIST();

    private final Set<String> options;

    Action(String... options) {
        this.options = Set.of(options);
    }

    /** {@return the options that go with it} */
    Set<String> options() {
        return options;
    }

    /** {@return the options that go with any of them} */
    static Set<String> allOptions() {
        Set<String> all = new TreeSet<>();
        for (Action each : values()) {
            all.addAll(each.options);
        }
        return all;
    }

    /** {@return it as it is typed} */
    String typed() {
        return "--" + name().toLowerCase(Locale.ROOT);
    }
}
