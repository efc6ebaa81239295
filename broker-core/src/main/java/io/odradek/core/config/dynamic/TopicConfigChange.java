package io.odradek.core.config.dynamic;

import io.odradek.protocol.errors.ApiException;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import io.odradek.storage.log.LogSetting;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What somebody wants to change of what a topic overrides. */
public sealed interface TopicConfigChange {
    /**
     * {@return the overrides after the change, not yet checked} Whoever changes a topic's settings has confirmed them: the
     * mark that they are not is gone. A change that names none, or none but the throttled replicas, confirms nothing.
     *
     * @param before the overrides before
     * @throws ApiException INVALID_CONFIG if an item is to be appended to or subtracted from what is not a list
     */
    SortedMap<String, String> applyTo(SortedMap<String, String> before);

    private static SortedMap<String, String> confirmed(SortedMap<String, String> overrides) {
        overrides.remove(LogSetting.UNCONFIRMED);
        return overrides;
    }

    /** What a single operation does. */
    enum Kind {
        SET,
        DELETE,
        APPEND,
        SUBTRACT;

        private static final Kind[] BY_ID = values();

        /** {@return the kind of this number in a request, or null} */
        public static Kind ofId(byte id) {
            return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
        }
    }

    /**
     * One operation on one setting.
     *
     * @param name the setting's topic name
     * @param kind what to do
     * @param value the value; does not matter for DELETE
     */
    record Operation(String name, Kind kind, String value) {}

    /** These are all the overrides from now on (AlterConfigs). */
    record Replace(SortedMap<String, String> overrides) implements TopicConfigChange {
        @Override
        public SortedMap<String, String> applyTo(SortedMap<String, String> before) {
            return confirmed(new TreeMap<>(overrides));
        }
    }

    /**
     * Single overrides change, the others stay (IncrementalAlterConfigs, KIP-339). As in Kafka 3.9, a list that is not
     * overridden is taken to be Kafka's default, whatever the broker's setting is.
     */
    record Modify(List<Operation> operations) implements TopicConfigChange {
        @Override
        public SortedMap<String, String> applyTo(SortedMap<String, String> before) {
            SortedMap<String, String> after = new TreeMap<>(before);
            for (Operation operation : operations) {
                switch (operation.kind()) {
                    case SET -> after.put(operation.name(), operation.value());
                    case DELETE -> after.remove(operation.name());
                    case APPEND, SUBTRACT -> after.put(operation.name(), changedList(operation, after));
                }
            }
            return saysWhatIsKept() ? confirmed(after) : after;
        }

        /** Tools that move replicas set and clear these two on their own, and know nothing of the other settings. */
        private boolean saysWhatIsKept() {
            for (Operation operation : operations) {
                if (!operation.name().equals(LogSetting.LEADER_THROTTLED_REPLICAS.topicName())
                        && !operation.name().equals(LogSetting.FOLLOWER_THROTTLED_REPLICAS.topicName())) {
                    return true;
                }
            }
            return false;
        }

        private static String changedList(Operation operation, SortedMap<String, String> overrides) {
            LogSetting setting = LogSetting.ofTopicName(operation.name()).orElse(null);
            if (setting == null || setting.type() != LogSetting.Type.LIST) {
                throw new ApiException(
                        ErrorCode.INVALID_CONFIG,
                        (setting == null ? "Unknown topic configuration " : "Not a list: ")
                                + Quoted.text(operation.name())
                                + "; nothing can be appended to it or subtracted from it (value "
                                + Quoted.text(operation.value())
                                + ")");
            }
            return ListItems.after(operation, overrides.getOrDefault(operation.name(), setting.defaultValue()));
        }
    }
}
