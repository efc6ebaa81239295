package io.odradek.server.net.link;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.memory.MemoryShare;
import io.odradek.core.security.sasl.OwnLogin;
import io.odradek.core.transport.Purpose;
import io.odradek.server.net.frame.FrameBounds;
import io.odradek.server.net.frame.FrameMemory;
import io.odradek.server.net.secure.ListenerSecurity;
import io.odradek.server.net.secure.ListenerTls;
import io.odradek.server.net.socket.Transport;
import java.util.concurrent.Executor;

/**
 * What all connections to other brokers share.
 *
 * @param transport how sockets are reached
 * @param answers how long an answer may be
 * @param mostDecodedBytes heap that an answer may take
 * @param memory of answers as they arrive: without a bound of its own, because a broker asks for each of them, one at a time
 *     on most connections, and says how long it may be
 * @param blocking where names of hosts are looked up
 * @param security how this broker logs in with others, null if it need not
 */
public record LinkParts(
        Transport transport,
        FrameBounds answers,
        long mostDecodedBytes,
        FrameMemory memory,
        Executor blocking,
        ListenerSecurity security) {
    private static final String LONGEST_ANSWER = "odradek.broker.answer.max.bytes";

    static LinkParts of(
            BrokerConfig config,
            Transport transport,
            long mostDecodedBytes,
            Executor blocking,
            ListenerSecurity security) {
        MemoryShare unbounded = new MemoryShare("none", Long.MAX_VALUE / 2);
        int longest = longestAnswer(config);
        return new LinkParts(
                transport,
                new FrameBounds(longest, LONGEST_ANSWER, longest, unbounded),
                mostDecodedBytes,
                new FrameMemory(unbounded),
                blocking,
                security);
    }

    /** {@return a login that begins, at a listener of another broker; null if there is none to be made} */
    LinkLogin login(Purpose purpose) {
        OwnLogin own = security == null ? null : security.ownLogin(purpose.listener());
        return own == null ? null : new LinkLogin(own, purpose.clientId());
    }

    /** {@return TLS at a listener of another broker, null if there is none} */
    ListenerTls tls(Purpose purpose) {
        return security == null ? null : security.tls(purpose.listener());
    }

    private static int longestAnswer(BrokerConfig config) {
        int given = config.int32(LONGEST_ANSWER);
        if (given >= 0) {
            return given;
        }
        long derived =
                (long) config.int32("socket.request.max.bytes") + config.int32("replica.fetch.response.max.bytes");
        return (int) Math.min(Integer.MAX_VALUE, derived);
    }
}
