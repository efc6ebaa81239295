package io.odradek.core.coordinator.group;

import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.SortedSet;
import java.util.TreeSet;

/** Looks into what consumers subscribe to; the only thing that is opaque to the broker in principle and read all the same (KIP-211). */
final class Subscriptions {
    /** The protocol type of consumers. */
    static final String CONSUMER = "consumer";

    private static final int MIN_STRING_BYTES = 2;

    private Subscriptions() {}

    /** {@return the topics that the members subscribe to, or null if that cannot be told} */
    static SortedSet<String> topics(String protocolType, String protocol, Collection<Member> members) {
        if (!CONSUMER.equals(protocolType) || (protocol == null && !members.isEmpty())) {
            return null;
        }
        SortedSet<String> topics = new TreeSet<>();
        try {
            for (Member member : members) {
                addTopics(member.metadata(protocol), topics);
            }
        } catch (MalformedMessageException notASubscription) {
            return null;
        }
        return topics;
    }

    private static void addTopics(ByteBuffer subscription, SortedSet<String> topics) {
        WireReader in = new WireReader(subscription.duplicate());
        if (in.readInt16() < 0) {
            throw new MalformedMessageException("a subscription has a negative version");
        }
        int count = in.readArrayLength(false, MIN_STRING_BYTES);
        for (int i = 0; i < count; i++) {
            topics.add(in.readString(false));
        }
    }
}
