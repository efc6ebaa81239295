package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;

/**
 * What is counted of every request, by its API: {@code request.bytes} and {@code response.bytes}; {@code request.failed},
 * those answered with one error as a whole; and what they take: {@code request.work.time} until their work has ended, {@code
 * request.wait.time} from then until they are answered, {@code request.send.time} until the answer has left, {@code
 * request.total.time}.
 */
final class RequestMeters {
    private final Clock clock;
    private final OfApi[] byKey;
    private final SlowRequests slow;

    private RequestMeters(Clock clock, OfApi[] byKey, SlowRequests slow) {
        this.clock = clock;
        this.byKey = byKey;
        this.slow = slow;
    }

    /** {@return those of all APIs; null where nothing is kept, so that a request costs no look at a clock} */
    static RequestMeters of(Meters meters, Clock clock, BrokerConfig config) {
        if (!meters.kept()) {
            return null;
        }
        int size = 0;
        for (ApiKey api : ApiKey.values()) {
            size = Math.max(size, api.key() + 1);
        }
        OfApi[] byKey = new OfApi[size];
        for (ApiKey api : ApiKey.values()) {
            String[] tags = {"api", api.name()};
            byKey[api.key()] = new OfApi(
                    meters.counter("request.bytes", tags),
                    meters.counter("response.bytes", tags),
                    meters.counter("request.failed", tags),
                    meters.timer("request.work.time", tags),
                    meters.timer("request.wait.time", tags),
                    meters.timer("request.send.time", tags),
                    meters.timer("request.total.time", tags));
        }
        return new RequestMeters(clock, byKey, SlowRequests.of(config, clock));
    }

    /** A request has come. {@return what takes its times} */
    Times arrived(short apiKey, int bytes) {
        OfApi api = byKey[apiKey];
        api.requestBytes().add(bytes);
        return new Times(api, clock, slow);
    }

    private record OfApi(
            Meters.Counter requestBytes,
            Meters.Counter responseBytes,
            Meters.Counter failed,
            Meters.Timer work,
            Meters.Timer waiting,
            Meters.Timer sending,
            Meters.Timer total) {}

    /** The times of one request. Each method is called once at most, by whom its step belongs to. */
    static final class Times {
        private final OfApi api;
        private final Clock clock;
        private final SlowRequests slow;
        private final long arrivedNs;
        private volatile long workNs = -1;
        private volatile long answeredNs;

        private Times(OfApi api, Clock clock, SlowRequests slow) {
            this.api = api;
            this.clock = clock;
            this.slow = slow;
            this.arrivedNs = clock.monotonicNs();
        }

        /** All work on it has ended, without an answer. */
        void parked() {
            workNs = clock.monotonicNs() - arrivedNs;
        }

        /** It is answered. */
        void answered() {
            answeredNs = clock.monotonicNs();
            long tookNs = answeredNs - arrivedNs;
            long ofThatWorkNs = workNs < 0 ? tookNs : workNs;
            api.work().took(ofThatWorkNs);
            api.waiting().took(tookNs - ofThatWorkNs);
        }

        /** It is answered with an error as a whole. */
        void failed() {
            api.failed().add(1);
        }

        /** The answer has left. */
        void sent(int bytes, RequestHeader header, ConnectionContext connection) {
            long nowNs = clock.monotonicNs();
            api.responseBytes().add(bytes);
            api.sending().took(nowNs - answeredNs);
            api.total().took(nowNs - arrivedNs);
            if (slow != null) {
                long untilAnsweredNs = answeredNs - arrivedNs;
                long ofThatWorkNs = workNs < 0 ? untilAnsweredNs : workNs;
                slow.look(header, connection, ofThatWorkNs, untilAnsweredNs - ofThatWorkNs, nowNs - answeredNs);
            }
        }
    }
}
