package io.odradek.server.net.socket;

import io.netty.channel.ChannelId;
import java.util.concurrent.atomic.AtomicLong;

/** A channel's number in this JVM. */
public final class NumberedChannelId implements ChannelId {
    private static final long serialVersionUID = 1L;
    private static final AtomicLong LAST = new AtomicLong();

    private final long number = LAST.incrementAndGet();

    @Override
    public String asShortText() {
        return Long.toString(number);
    }

    @Override
    public String asLongText() {
        return asShortText();
    }

    @Override
    public int compareTo(ChannelId other) {
        return other instanceof NumberedChannelId that
                ? Long.compare(number, that.number)
                : asLongText().compareTo(other.asLongText());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NumberedChannelId that && number == that.number;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(number);
    }

    @Override
    public String toString() {
        return asShortText();
    }
}
