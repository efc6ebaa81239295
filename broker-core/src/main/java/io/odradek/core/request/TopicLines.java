package io.odradek.core.request;

import io.odradek.core.config.RecordFormats;
import io.odradek.core.config.Setting;
import io.odradek.core.config.UpdateMode;
import io.odradek.core.config.dynamic.TopicConfigChange.Operation;
import io.odradek.core.controller.Outcome;
import io.odradek.core.controller.TopicResult;
import io.odradek.core.transport.Peer;
import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an operator wants to know of topics: one line of the log for each request that has changed some, with what came of it
 * and who asked. Of the request itself nothing is kept meanwhile.
 */
public final class TopicLines {
    private static final Logger LOG = LoggerFactory.getLogger(TopicLines.class);
    private static final int MOST_NAMED = 20;
    private static final int MOST_LINES = 100;
    private static final long LINES_INTERVAL_MS = 10_000;

    private final FewLines lines;
    private final Set<String> beingCreated = ConcurrentHashMap.newKeySet();

    /** @param clock for how many lines there are at most: clients decide how often they ask */
    public TopicLines(Clock clock) {
        this.lines = new FewLines(LOG, clock, MOST_LINES, LINES_INTERVAL_MS);
    }

    /** A topic is created because somebody asks for it: one line, however many do. {@return the creation} */
    public CompletionStage<ErrorCode> asked(String topic, CompletionStage<ErrorCode> creation, RequestContext context) {
        if (beingCreated.add(topic)) {
            String who = who(context);
            creation.whenComplete((outcome, failure) -> {
                beingCreated.remove(topic);
                if (failure == null && outcome == ErrorCode.NONE) {
                    lines.info("Created topic " + topic + ", as " + who + " asked for it");
                }
            });
        }
        return creation;
    }

    /** Topics are being created. */
    void creating(CompletionStage<List<TopicResult>> creation, RequestContext context) {
        tellWhenDone(creation, context, "Created", results -> {
            List<String> created = new ArrayList<>();
            for (TopicResult result : results) {
                if (result.error() == ErrorCode.NONE) {
                    warnOfFormat(result.name(), result.config().get(RecordFormats.OF_TOPIC));
                    created.add(result.name() + " (" + result.partitions() + " partitions with "
                            + result.replicationFactor() + " replicas"
                            + (result.config().isEmpty()
                                    ? ""
                                    : ", " + Quoted.text(result.config().toString())) + ")");
                }
            }
            return created;
        });
    }

    /** Topics are being created, and nobody waits for them but to hear which are refused. */
    void begun(List<String> names, CompletionStage<List<TopicResult>> refusals, RequestContext context) {
        tellWhenDone(refusals, context, "Began to create", refused -> {
            List<String> begun = new ArrayList<>(names);
            refused.forEach(result -> begun.remove(result.name()));
            return begun;
        });
    }

    /** Topics are being deleted. */
    void deleting(CompletionStage<SortedMap<String, ErrorCode>> deletion, RequestContext context) {
        tellWhenDone(deletion, context, "Deleted", outcomes -> {
            List<String> deleted = new ArrayList<>();
            outcomes.forEach((name, error) -> {
                if (error == ErrorCode.NONE) {
                    deleted.add(name);
                }
            });
            return deleted;
        });
    }

    /** Topics are being given further partitions. */
    void growing(
            Map<String, Integer> partitions,
            CompletionStage<SortedMap<String, Outcome>> growth,
            RequestContext context) {
        tellWhenDone(growth, context, "Added partitions to", outcomes -> {
            List<String> grown = new ArrayList<>();
            outcomes.forEach((name, outcome) -> {
                if (outcome.error() == ErrorCode.NONE) {
                    grown.add(name + " (" + partitions.get(name) + " now)");
                }
            });
            return grown;
        });
    }

    /** Settings are being changed. */
    void altering(
            List<ConfigAlterations.Wanted> wanted,
            CompletionStage<List<ConfigAlterations.Outcome>> alteration,
            RequestContext context) {
        List<String> changes = new ArrayList<>();
        Map<Integer, String> formats = new TreeMap<>();
        for (ConfigAlterations.Wanted one : wanted) {
            for (Operation operation : one.operations()) {
                if (operation.name().equals(RecordFormats.OF_TOPIC)) {
                    formats.put(changes.size(), operation.value());
                }
            }
            changes.add(whose(one) + " (" + (one.replaces() ? "all of them: " : "")
                    + Quoted.text(String.join(", ", changes(one.operations()))) + ")");
        }
        tellWhenDone(alteration, context, "Changed settings of", outcomes -> {
            List<String> changed = new ArrayList<>();
            for (int i = 0; i < changes.size(); i++) {
                if (outcomes.get(i).error() == ErrorCode.NONE) {
                    changed.add(changes.get(i));
                    warnOfFormat(changes.get(i), formats.get(i));
                }
            }
            return changed;
        });
    }

    private void warnOfFormat(String topic, String version) {
        String warning = version == null ? null : RecordFormats.warning(RecordFormats.OF_TOPIC, version);
        if (warning != null) {
            lines.warn("Of " + topic + ", " + warning);
        }
    }

    private static String whose(ConfigAlterations.Wanted one) {
        return switch (one.type()) {
            case ConfigAlterations.BROKER -> one.name().isEmpty() ? "all brokers" : "broker " + one.name();
            case ConfigAlterations.BROKER_LOGGER -> "the loggers of broker " + one.name();
            case ConfigAlterations.GROUP -> "group " + Quoted.text(one.name());
            default -> one.name();
        };
    }

    private static List<String> changes(List<Operation> operations) {
        List<String> changes = new ArrayList<>(operations.size());
        for (Operation operation : operations) {
            if (operation.kind() != null) {
                changes.add(
                        switch (operation.kind()) {
                            case SET -> operation.name() + "=" + shown(operation);
                            case DELETE -> operation.name() + " as by default";
                            case APPEND -> operation.name() + "+=" + operation.value();
                            case SUBTRACT -> operation.name() + "-=" + operation.value();
                        });
            }
        }
        return changes;
    }

    private static String shown(Operation operation) {
        Setting setting = UpdateMode.setting(operation.name());
        return setting != null && setting.sensitive() ? "[hidden]" : operation.value();
    }

    private <T> void tellWhenDone(
            CompletionStage<T> stage, RequestContext context, String done, Function<T, List<String>> names) {
        String who = who(context);
        stage.thenAccept(result -> {
            List<String> all = names.apply(result);
            if (!all.isEmpty()) {
                lines.info(done + " " + listed(all) + ", for " + who);
            }
        });
    }

    private static String listed(List<String> names) {
        int more = names.size() - MOST_NAMED;
        return more <= 0
                ? String.join(", ", names)
                : String.join(", ", names.subList(0, MOST_NAMED)) + " and " + more + " more";
    }

    /** {@return the client's name for itself, and where it is} */
    private static String who(RequestContext context) {
        Peer peer = context.connection().peer();
        if (peer == OwnRequest.SELF) {
            return "this broker itself";
        }
        String name = context.header().clientId();
        return (name == null || name.isEmpty() ? "a client without a name" : "client '" + Quoted.text(name) + "'")
                + " at " + peer.address().getHostAddress()
                + (peer.principal().equals(Peer.ANONYMOUS) ? "" : " (" + peer.principal() + ")");
    }
}
