package io.odradek.core.adoption;

import io.odradek.core.adoption.OldTopics.OldTopic;
import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.Uuid;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Topics and settings of a KRaft cluster, built up by the records of its metadata log (KIP-631). Records of other kinds are
 * passed over. What stands between the beginning of a transaction and its end takes effect with the end (KIP-868).
 */
final class KraftMetadata {
    private static final int FRAME_VERSION = 1;
    private static final int TOPIC = 2;
    private static final int PARTITION = 3;
    private static final int CONFIG = 4;
    private static final int REMOVE_TOPIC = 9;
    private static final int BEGIN_TRANSACTION = 23;
    private static final int END_TRANSACTION = 24;
    private static final int ABORT_TRANSACTION = 25;

    private static final byte TOPIC_RESOURCE = 2;
    private static final byte BROKER_RESOURCE = 4;

    private final Map<Uuid, String> names = new HashMap<>();
    private final Map<Uuid, Integer> partitions = new HashMap<>();
    private final SortedMap<String, Uuid> topics = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, String>> topicSettings = new TreeMap<>();
    private final SortedMap<String, SortedMap<String, String>> brokerSettings = new TreeMap<>();
    private List<ByteBuffer> transaction;

    /**
     * Takes over a record.
     *
     * @param value the record's value, which is kept for a while where it is part of a transaction
     * @throws MalformedMessageException if it is not what it should be
     */
    void replay(ByteBuffer value) {
        WireReader in = new WireReader(value.duplicate());
        int frame = in.readUnsignedVarint();
        if (frame != FRAME_VERSION) {
            throw new MalformedMessageException("A metadata record in frame version " + frame);
        }
        int kind = in.readUnsignedVarint();
        in.readUnsignedVarint();
        switch (kind) {
            case BEGIN_TRANSACTION -> transaction = new ArrayList<>();
            case ABORT_TRANSACTION -> transaction = null;
            case END_TRANSACTION -> endTransaction();
            default -> {
                if (transaction == null) {
                    apply(kind, in);
                } else {
                    transaction.add(value);
                }
            }
        }
    }

    private void endTransaction() {
        List<ByteBuffer> records = transaction == null ? List.of() : transaction;
        transaction = null;
        records.forEach(this::replay);
    }

    private void apply(int kind, WireReader in) {
        switch (kind) {
            case TOPIC -> {
                String name = in.readString(true);
                Uuid id = in.readUuid();
                names.put(id, name);
                topics.put(name, id);
            }
            case PARTITION -> {
                int partition = in.readInt32();
                partitions.merge(in.readUuid(), partition + 1, Math::max);
            }
            case REMOVE_TOPIC -> remove(in.readUuid());
            case CONFIG -> configure(in);
            default -> {
                // Nothing that topics or their settings hang on.
            }
        }
    }

    private void remove(Uuid id) {
        String name = names.remove(id);
        partitions.remove(id);
        if (name != null) {
            topics.remove(name);
            topicSettings.remove(name);
        }
    }

    private void configure(WireReader in) {
        byte type = in.readInt8();
        String resource = in.readString(true);
        String name = in.readString(true);
        String value = in.readNullableString(true);
        if (type == TOPIC_RESOURCE) {
            set(topicSettings, resource, name, value);
        } else if (type == BROKER_RESOURCE) {
            set(brokerSettings, resource, name, value);
        }
    }

    private static void set(
            SortedMap<String, SortedMap<String, String>> settings, String resource, String name, String value) {
        SortedMap<String, String> ofOne = settings.computeIfAbsent(resource, any -> new TreeMap<>());
        if (value == null) {
            ofOne.remove(name);
        } else {
            ofOne.put(name, value);
        }
    }

    /**
     * {@return what is known now}
     *
     * @param source what it was read from
     * @param whole whether that was read to its end
     * @param brokerId whose settings topics inherit, beside those of all brokers
     */
    OldTopics topics(String source, boolean whole, int brokerId) {
        SortedMap<String, OldTopic> found = new TreeMap<>();
        topics.forEach((name, id) -> found.put(
                name,
                new OldTopic(id, partitions.getOrDefault(id, 0), topicSettings.getOrDefault(name, new TreeMap<>()))));
        SortedMap<String, String> inherited = new TreeMap<>(brokerSettings.getOrDefault("", new TreeMap<>()));
        inherited.putAll(brokerSettings.getOrDefault(Integer.toString(brokerId), new TreeMap<>()));
        return new OldTopics(source, whole, found, inherited);
    }
}
