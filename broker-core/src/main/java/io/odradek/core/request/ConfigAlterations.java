package io.odradek.core.request;

import io.odradek.core.config.dynamic.BrokerConfigWriter;
import io.odradek.core.config.dynamic.GroupConfigs;
import io.odradek.core.config.dynamic.TopicConfigChange;
import io.odradek.core.config.dynamic.TopicConfigChange.Kind;
import io.odradek.core.config.dynamic.TopicConfigChange.Operation;
import io.odradek.core.config.dynamic.TopicConfigWriter;
import io.odradek.core.metadata.MetadataSource;
import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Changes of settings, as AlterConfigs and IncrementalAlterConfigs share them: each resource on its own, and all or nothing.
 * Errors of a resource are those of Kafka 3.9:
 *
 * <ul>
 *   <li>INVALID_REQUEST for a resource or setting that is named twice, a missing value, an operation or kind of resource
 *       that is not known, another broker's id, and whatever is wrong with the setting of a broker, as that it does not change
 *       while brokers run;
 *   <li>UNKNOWN_TOPIC_OR_PARTITION;
 *   <li>INVALID_CONFIG for an unknown setting of a topic, a value that is not allowed, or values that contradict each
 *       other, for items for a setting that is no list, and for the levels of a broker's loggers.
 * </ul>
 */
public final class ConfigAlterations {
    /** As these requests bring no time of their own: how long they wait for the tree. */
    static final long WAIT_MS = 30_000;

    private static final byte TOPIC = 2;
    static final byte BROKER = 4;
    static final byte BROKER_LOGGER = 8;
    static final byte GROUP = 32;

    private final MetadataSource metadata;
    private final TopicConfigWriter topics;
    private final BrokerConfigWriter brokers;
    private final GroupConfigs groups;
    private final int brokerId;

    /**
     * What is wanted of one resource.
     *
     * @param type the kind of resource
     * @param name its name
     * @param replaces whether settings that are not named lose their overrides
     * @param operations what is to change
     */
    record Wanted(byte type, String name, boolean replaces, List<Operation> operations) {}

    /**
     * What became of one resource.
     *
     * @param error NONE, or why nothing has changed
     * @param message says more, null with NONE
     */
    record Outcome(ErrorCode error, String message) {
        private static final Outcome DONE = new Outcome(ErrorCode.NONE, null);
    }

    /**
     * @param metadata the image
     * @param topics changes the settings of topics
     * @param brokers changes those of this broker, and of all
     * @param groups changes what groups are set to
     * @param brokerId this broker's id
     */
    public ConfigAlterations(
            MetadataSource metadata,
            TopicConfigWriter topics,
            BrokerConfigWriter brokers,
            GroupConfigs groups,
            int brokerId) {
        this.metadata = metadata;
        this.topics = topics;
        this.brokers = brokers;
        this.groups = groups;
        this.brokerId = brokerId;
    }

    /** Changes resources. {@return what became of each, in their order, when all changes are in effect} */
    CompletionStage<List<Outcome>> alter(List<Wanted> wanted, boolean validateOnly) {
        Map<String, Integer> named = new HashMap<>();
        for (Wanted one : wanted) {
            named.merge(key(one), 1, Integer::sum);
        }
        CompletionStage<List<Outcome>> all = CompletableFuture.completedStage(new ArrayList<>(wanted.size()));
        for (Wanted one : wanted) {
            CompletionStage<Outcome> outcome = named.get(key(one)) > 1
                    ? refused(ErrorCode.INVALID_REQUEST, "Each resource must appear at most once.")
                    : alter(one, validateOnly);
            all = all.thenCombine(outcome, (outcomes, next) -> {
                outcomes.add(next);
                return outcomes;
            });
        }
        return all;
    }

    private static String key(Wanted wanted) {
        return wanted.type() + ":" + wanted.name();
    }

    private CompletionStage<Outcome> alter(Wanted wanted, boolean validateOnly) {
        String fault = fault(wanted.operations());
        if (fault != null) {
            return refused(ErrorCode.INVALID_REQUEST, fault);
        }
        if (wanted.type() == TOPIC) {
            return alterTopic(wanted, validateOnly);
        }
        if (wanted.type() == BROKER) {
            return alterBroker(wanted, validateOnly);
        }
        if (wanted.type() == BROKER_LOGGER && !wanted.replaces()) {
            return alterLoggers(wanted, validateOnly);
        }
        if (wanted.type() == GROUP) {
            return wanted.name().isEmpty()
                    ? refused(ErrorCode.INVALID_REQUEST, "Default group resources are not allowed.")
                    : groups.alter(wanted.name(), change(wanted), validateOnly)
                            .handle((done, error) -> error == null ? Outcome.DONE : outcome(error));
        }
        return refused(
                ErrorCode.INVALID_REQUEST, "Resources of type " + wanted.type() + " have no settings to be changed");
    }

    private CompletionStage<Outcome> alterTopic(Wanted wanted, boolean validateOnly) {
        String topic = wanted.name();
        if (topic.isEmpty()) {
            return refused(ErrorCode.INVALID_REQUEST, "Default topic resources are not allowed.");
        }
        if (!metadata.image().topics().containsKey(topic)) {
            return refused(
                    ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + Quoted.text(topic) + "' does not exist.");
        }
        return topics.alter(topic, change(wanted), validateOnly)
                .handle((done, error) -> error == null ? Outcome.DONE : outcome(error));
    }

    private static TopicConfigChange change(Wanted wanted) {
        if (!wanted.replaces()) {
            return new TopicConfigChange.Modify(wanted.operations());
        }
        TreeMap<String, String> overrides = new TreeMap<>();
        for (Operation operation : wanted.operations()) {
            overrides.put(operation.name(), operation.value());
        }
        return new TopicConfigChange.Replace(overrides);
    }

    private CompletionStage<Outcome> alterBroker(Wanted wanted, boolean validateOnly) {
        boolean forAll = wanted.name().isEmpty();
        if (!forAll && !isThisBroker(wanted)) {
            return refusedOfAnother(wanted);
        }
        return brokers.alter(forAll, change(wanted), validateOnly)
                .handle((done, error) -> error == null ? Outcome.DONE : outcome(error));
    }

    private CompletionStage<Outcome> alterLoggers(Wanted wanted, boolean validateOnly) {
        if (!isThisBroker(wanted)) {
            return refusedOfAnother(wanted);
        }
        try {
            LoggerAlterations.alter(brokers.loggers(), wanted.operations(), validateOnly);
            return CompletableFuture.completedStage(Outcome.DONE);
        } catch (ApiException refusal) {
            return refused(refusal.error(), refusal.getMessage());
        }
    }

    private boolean isThisBroker(Wanted wanted) {
        return wanted.name().equals(Integer.toString(brokerId));
    }

    private CompletionStage<Outcome> refusedOfAnother(Wanted wanted) {
        return refused(
                ErrorCode.INVALID_REQUEST,
                "Unexpected broker id, expected " + brokerId + ", but received " + Quoted.text(wanted.name()));
    }

    private static String fault(List<Operation> operations) {
        Set<String> named = new HashSet<>();
        List<String> withoutValue = new ArrayList<>();
        for (Operation operation : operations) {
            if (!named.add(operation.name())) {
                return "Setting " + Quoted.text(operation.name()) + " is named more than once";
            }
            if (operation.kind() == null) {
                return "The operation on setting " + Quoted.text(operation.name()) + " is not known";
            }
            if (operation.value() == null && operation.kind() != Kind.DELETE) {
                withoutValue.add(operation.name());
            }
        }
        return withoutValue.isEmpty()
                ? null
                : "Null value not supported for : " + Quoted.text(String.join(", ", withoutValue));
    }

    /** {@return what became of a resource after a wait, whose time may be up} */
    static Outcome outcome(List<Outcome> outcomes, int index, Throwable error) {
        if (outcomes != null) {
            return outcomes.get(index);
        }
        return error != null
                ? outcome(error)
                : new Outcome(ErrorCode.REQUEST_TIMED_OUT, "The change goes on, but takes long");
    }

    private static Outcome outcome(Throwable error) {
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return cause instanceof ApiException refusal
                ? new Outcome(refusal.error(), refusal.getMessage())
                : new Outcome(ErrorCode.UNKNOWN_SERVER_ERROR, cause.toString());
    }

    private static CompletionStage<Outcome> refused(ErrorCode error, String message) {
        return CompletableFuture.completedStage(new Outcome(error, message));
    }
}
