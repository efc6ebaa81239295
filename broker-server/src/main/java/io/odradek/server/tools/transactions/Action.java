package io.odradek.server.tools.transactions;

import io.odradek.server.tools.UsageException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the tool can be asked to do, and the options that go with each. */
enum Action {
    LIST("list", "--duration-filter", "--transactional-id-pattern", "--state", "--producer-id", "--json"),
    DESCRIBE("describe", "--transactional-id", "--json"),
    DESCRIBE_PRODUCERS("describe-producers", "--topic", "--partition", "--broker-id", "--json"),
    FIND_HANGING("find-hanging", "--topic", "--partition", "--broker-id", "--max-transaction-timeout", "--json"),
    ABORT(
            "abort",
            "--topic",
            "--partition",
            "--start-offset",
            "--producer-id",
            "--producer-epoch",
            "--coordinator-epoch"),
    FORCE_TERMINATE("forceTerminateTransaction", "--transactionalId");

    private final String typed;
    private final Set<String> options;

    Action(String typed, String... options) {
        this.typed = typed;
        this.options = Set.of(options);
    }

    /** {@return the one of that name} @throws UsageException if there is none */
    static Action named(String name) {
        String all = Arrays.stream(values()).map(each -> each.typed).collect(Collectors.joining(", "));
        UsageException.when(name == null, "Say what to do: " + all);
        return Arrays.stream(values())
                .filter(each -> each.typed.equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException("\"" + name + "\" is none of " + all));
    }

    /** {@return the options that go with any of them} */
    static Set<String> allOptions() {
        Set<String> all = new TreeSet<>();
        Arrays.stream(values()).forEach(each -> all.addAll(each.options));
        return all;
    }

    /** {@return its name, as it is typed} */
    String typed() {
        return typed;
    }

    /** {@return the options that go with it} */
    Set<String> options() {
        return options;
    }

    /** Their names, for shells that complete them; read by picocli. */
    static final class Names implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(values()).map(Action::typed).iterator();
        }
    }
}
