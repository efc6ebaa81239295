package io.odradek.core.coordinator.group;

import io.odradek.protocol.wire.MalformedMessageException;
import io.odradek.protocol.wire.WireReader;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;

/** Looks into what consumers subscribe to; the only thing that is opaque to the broker in principle and read all the same (KIP-211). */
final class Subscriptions {
    /** The protocol type of consumers. */
    static final String CONSUMER = "consumer";

    private static final int MIN_STRING_BYTES = 2;

    private Subscriptions() {}

    /**
     * {@return those of the topics that the members subscribe to, or null if that cannot be told}
     *
     * @param topics what is asked for: all that members subscribe to can take many times the bytes that they sent
     */
    static Set<String> among(Set<String> topics, String protocolType, String protocol, Collection<Member> members) {
        if (!CONSUMER.equals(protocolType) || (protocol == null && !members.isEmpty())) {
            return null;
        }
        Set<String> found = new TreeSet<>();
        try {
            for (Member member : members) {
                find(member.metadata(protocol), topics, found);
            }
        } catch (MalformedMessageException notASubscription) {
            return null;
        }
        return found;
    }

    private static void find(ByteBuffer subscription, Set<String> topics, Set<String> found) {
        WireReader in = new WireReader(subscription.duplicate());
        if (in.readInt16() < 0) {
            throw new MalformedMessageException("a subscription has a negative version");
        }
        int count = in.readArrayLength(false, MIN_STRING_BYTES);
        for (int i = 0; i < count; i++) {
            String topic = in.readString(false);
            if (topics.contains(topic)) {
                found.add(topic);
            }
        }
    }
}
