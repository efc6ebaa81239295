package io.odradek.server;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.controller.TopicNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What a configuration asks for and cannot have, though each of its values is right by itself. Such a broker starts, as with
 * Kafka, and refuses what it was to do: whoever starts it hears so then, and not when a client does.
 */
final class WhatCannotWork {
    private final BrokerConfig config;
    private final List<String> lines = new ArrayList<>();

    private WhatCannotWork(BrokerConfig config) {
        this.config = config;
    }

    /**
     * {@return one line for each}
     *
     * @param heapBytes the most heap that this JVM uses
     * @param directBytes the most direct memory
     * @param requestBytes the longest request that there is memory for
     * @param topics those that there are
     */
    static List<String> of(
            BrokerConfig config, long heapBytes, long directBytes, long requestBytes, Set<String> topics) {
        WhatCannotWork found = new WhatCannotWork(config);
        if (config.zooKeeperConnect() == null) {
            found.needsBrokers("default.replication.factor", "topics that are created without a number of their own");
            if (!topics.contains(TopicNames.OFFSETS)) {
                found.needsBrokers("offsets.topic.replication.factor", "the topic of consumer groups");
            }
            if (!topics.contains(TopicNames.TRANSACTIONS)) {
                found.needsBrokers("transaction.state.log.replication.factor", "the topic of transactions");
            }
        }
        found.checkRequests(requestBytes);
        found.checkMemory("the heap", heapBytes, "requests", "groups", "fetch.sessions", "transactions");
        found.checkMemory("the direct memory", directBytes, "frames", "answers");
        return found.lines;
    }

    private void needsBrokers(String factor, String topics) {
        if (config.isSet(factor) && config.int32(factor) > 1) {
            lines.add(factor + " is " + config.int32(factor) + ", and a broker without zookeeper.connect is alone: "
                    + topics + " cannot be created (INVALID_REPLICATION_FACTOR). Set it to 1");
        }
    }

    private void checkRequests(long heldBytes) {
        String longest = "socket.request.max.bytes";
        if (config.isSet(longest) && config.int64(longest) > heldBytes) {
            lines.add(longest + " is " + config.int32(longest) + ", and there is memory for requests of " + heldBytes
                    + " bytes: longer ones end their connection. More direct memory (-XX:MaxDirectMemorySize, or a larger"
                    + " heap) or odradek.memory.frames.bytes gives room");
        }
        long most = Math.min(config.int64(longest), heldBytes);
        if (config.int64("message.max.bytes") > most) {
            lines.add("message.max.bytes is " + config.int32("message.max.bytes")
                    + ", and no request may be longer than " + most + " bytes: such batches cannot arrive");
        }
        if (config.int64("message.max.bytes") > config.int64("log.segment.bytes")) {
            lines.add("message.max.bytes is " + config.int32("message.max.bytes")
                    + ", more than log.segment.bytes, which is " + config.int32("log.segment.bytes")
                    + ": such batches are refused");
        }
    }

    private void checkMemory(String memory, long thereBytes, String... shares) {
        long givenBytes = 0;
        for (String share : shares) {
            givenBytes += Math.max(0, config.int64("odradek.memory." + share + ".bytes"));
        }
        if (givenBytes > thereBytes) {
            lines.add("odradek.memory." + String.join(".bytes, odradek.memory.", shares) + ".bytes are " + givenBytes
                    + " bytes together, and " + memory + " is " + thereBytes
                    + ": it may run out before they bound anything");
        }
    }
}
