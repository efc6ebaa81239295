package io.odradek.server.tools.dump;

import io.odradek.core.coordination.json.JsonWriter;
import io.odradek.protocol.persisted.ConsumerProtocolAssignment;
import io.odradek.protocol.persisted.ConsumerProtocolAssignmentCodec;
import io.odradek.protocol.persisted.ConsumerProtocolSubscription;
import io.odradek.protocol.persisted.ConsumerProtocolSubscriptionCodec;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What the members of a consumer group tell each other, as JSON. Null where there is nothing. */
final class ConsumerProtocol {
    /** The protocol type of groups whose members speak it. */
    static final String TYPE = "consumer";

    private ConsumerProtocol() {}

    static JsonWriter subscription(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return null;
        }
        WireReader in = new WireReader(bytes.duplicate());
        short version = known(in.readInt16(), ConsumerProtocolSubscriptionCodec.MAX_VERSION);
        ConsumerProtocolSubscription read = ConsumerProtocolSubscriptionCodec.read(in, version);
        JsonWriter json = new JsonWriter().strings("topics", read.topics()).field("userData", base64(read.userData()));
        if (version >= 1) {
            List<JsonWriter> owned = new ArrayList<>(read.ownedPartitions().size());
            for (ConsumerProtocolSubscription.TopicPartitions topic : read.ownedPartitions()) {
                owned.add(partitions(topic.topic(), topic.partitions()));
            }
            json.objects("ownedPartitions", owned);
        }
        if (version >= 2) {
            json.field("generationId", read.generationId());
        }
        return version >= 3 ? json.field("rackId", read.rackId()) : json;
    }

    static JsonWriter assignment(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return null;
        }
        WireReader in = new WireReader(bytes.duplicate());
        short version = known(in.readInt16(), ConsumerProtocolAssignmentCodec.MAX_VERSION);
        ConsumerProtocolAssignment read = ConsumerProtocolAssignmentCodec.read(in, version);
        List<JsonWriter> assigned = new ArrayList<>(read.assignedPartitions().size());
        for (ConsumerProtocolAssignment.TopicPartitions topic : read.assignedPartitions()) {
            assigned.add(partitions(topic.topic(), topic.partitions()));
        }
        return new JsonWriter().objects("assignedPartitions", assigned).field("userData", base64(read.userData()));
    }

    /** Later versions have the fields of the last one known, and more after them. */
    private static short known(short version, short last) {
        return version > last ? last : version;
    }

    private static JsonWriter partitions(String topic, List<Integer> partitions) {
        return new JsonWriter().field("topic", topic).ints("partitions", partitions);
    }

    private static String base64(ByteBuffer bytes) {
        return bytes == null ? null : RecordText.base64(bytes);
    }
}
