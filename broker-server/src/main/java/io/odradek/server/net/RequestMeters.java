package io.odradek.server.net;

import io.odradek.core.config.BrokerConfig;
import io.odradek.core.transport.ConnectionContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import io.odradek.storage.env.Meters;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What is counted of every request, by its API: {@code request.received}, by version too; {@code request.errors}, by what it was
 * answered with; {@code request.bytes} and {@code response.bytes}; and what it takes: {@code request.queue.time} until its work begins,
 * {@code request.work.time} until that has ended, {@code request.wait.time} from then until it is answered, {@code
 * response.queue.time} until the answer is handed to the socket, {@code request.send.time} until it has left, and {@code
 * request.total.time}; of clients that something holds, {@code request.throttle.time}, for how long they are told to rest. Fetches of consumers and of followers are counted apart, and together.
 *
 * <p>The meters of an API are made when its first request comes.
 */
final class RequestMeters {
    private static final int MOST_VERSIONS = 32;
    private static final long NANOS_PER_MS = 1_000_000;

    private final Meters meters;
    private final Clock clock;
    private final AtomicReferenceArray<OfApi> byKey;
    private final SlowRequests slow;
    private volatile OfApi consumers;
    private volatile OfApi followers;

    private RequestMeters(Meters meters, Clock clock, int size, SlowRequests slow) {
        this.meters = meters;
        this.clock = clock;
        this.byKey = new AtomicReferenceArray<>(size);
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
        return new RequestMeters(meters, clock, size, SlowRequests.of(config, clock));
    }

    /**
     * A request has come.
     *
     * @param ofFollower whether it is a fetch of another broker
     * @return what takes its times
     */
    Times arrived(RequestHeader header, int bytes, boolean ofFollower) {
        OfApi api = ofApi(header.apiKey(), ofFollower);
        api.arrived(meters, header.apiVersion(), bytes);
        return new Times(this, api);
    }

    private OfApi ofApi(short key, boolean ofFollower) {
        OfApi api = key == ApiKey.FETCH.key() ? ofFollower ? followers : consumers : byKey.get(key);
        return api == null ? make(key, ofFollower) : api;
    }

    private synchronized OfApi make(short key, boolean ofFollower) {
        OfApi api = byKey.get(key);
        if (api == null) {
            api = new OfApi(meters, ApiKey.of(key).name(), null);
            byKey.set(key, api);
        }
        if (key != ApiKey.FETCH.key()) {
            return api;
        }
        if (ofFollower) {
            followers = followers == null ? new OfApi(meters, "FETCH_FOLLOWER", api) : followers;
            return followers;
        }
        consumers = consumers == null ? new OfApi(meters, "FETCH_CONSUMER", api) : consumers;
        return consumers;
    }

    /** The meters of one API. */
    private static final class OfApi {
        private final String name;
        /** What counts the same too; or null. */
        private final OfApi whole;

        private final Meters.Counter requestBytes;
        private final Meters.Counter responseBytes;
        private final Meters.Timer queued;
        private final Meters.Timer work;
        private final Meters.Timer waiting;
        private final Meters.Timer answerQueued;
        private final Meters.Timer sending;
        private final Meters.Timer total;
        private final Meters.Timer throttle;
        private final AtomicReferenceArray<Meters.Counter> byVersion = new AtomicReferenceArray<>(MOST_VERSIONS);
        private final AtomicReferenceArray<Meters.Counter> byError =
                new AtomicReferenceArray<>(ErrorCode.values().length);

        OfApi(Meters meters, String name, OfApi whole) {
            this.name = name;
            this.whole = whole;
            requestBytes = meters.sizes("request.bytes", "api", name);
            responseBytes = meters.counter("response.bytes", "api", name);
            queued = meters.timer("request.queue.time", "api", name);
            work = meters.timer("request.work.time", "api", name);
            waiting = meters.timer("request.wait.time", "api", name);
            answerQueued = meters.timer("response.queue.time", "api", name);
            sending = meters.timer("request.send.time", "api", name);
            total = meters.timer("request.total.time", "api", name);
            throttle = meters.timer("request.throttle.time", "api", name);
        }

        void arrived(Meters meters, short version, int bytes) {
            int index = Math.max(0, Math.min(version, MOST_VERSIONS - 1));
            Meters.Counter counter = byVersion.get(index);
            if (counter == null) {
                counter = meters.counter("request.received", "api", name, "version", Integer.toString(index));
                byVersion.set(index, counter);
            }
            counter.add(1);
            requestBytes.add(bytes);
            if (whole != null) {
                whole.arrived(meters, version, bytes);
            }
        }

        void answeredWith(Meters meters, ErrorCode error) {
            Meters.Counter counter = byError.get(error.ordinal());
            if (counter == null) {
                counter = meters.counter("request.errors", "api", name, "error", error.name());
                byError.set(error.ordinal(), counter);
            }
            counter.add(1);
            if (whole != null) {
                whole.answeredWith(meters, error);
            }
        }

        void answered(long queuedNs, long workNs, long waitingNs) {
            queued.took(queuedNs);
            work.took(workNs);
            waiting.took(waitingNs);
            if (whole != null) {
                whole.answered(queuedNs, workNs, waitingNs);
            }
        }

        void throttled(long ns) {
            throttle.took(ns);
            if (whole != null) {
                whole.throttled(ns);
            }
        }

        void left(long answerQueuedNs, long sendingNs, long totalNs, int bytes) {
            answerQueued.took(answerQueuedNs);
            sending.took(sendingNs);
            total.took(totalNs);
            responseBytes.add(bytes);
            if (whole != null) {
                whole.left(answerQueuedNs, sendingNs, totalNs, bytes);
            }
        }
    }

    /**
     * The times of one request. Each method is called once at most, by whom its step belongs to; but any part may begin. What
     * goes on within one call takes no time: looking at the clock is most of what measuring costs.
     */
    static final class Times {
        private final RequestMeters meters;
        private final OfApi api;
        private final long arrivedNs;
        /** Who hands it on, to be worked on or to be sent, at this moment. */
        private Thread handing = Thread.currentThread();

        private volatile long queuedNs = -1;
        private volatile long parkedNs = -1;
        private volatile long answeredNs;
        private long writtenNs = -1;

        private Times(RequestMeters meters, OfApi api) {
            this.meters = meters;
            this.api = api;
            this.arrivedNs = meters.clock.monotonicNs();
        }

        private long sinceArrivalNs() {
            return meters.clock.monotonicNs() - arrivedNs;
        }

        /** Work on it, or on a part of it, begins. */
        void begins() {
            if (queuedNs < 0) {
                queuedNs = handing == Thread.currentThread() ? 0 : sinceArrivalNs();
            }
        }

        /** It has been handed on, and now waits for others, if it has not come to an end. */
        void handedOver() {
            handing = null;
        }

        /** All work on it has ended, without an answer; for the first time, or again. */
        void parked() {
            if (parkedNs < 0) {
                parkedNs = sinceArrivalNs();
            }
        }

        /** It is answered. */
        void answered() {
            long tookNs = sinceArrivalNs();
            answeredNs = tookNs;
            handing = Thread.currentThread();
            long ofThatQueuedNs = Math.max(0, queuedNs);
            long ofThatWorkNs = Math.max(0, (parkedNs < 0 ? tookNs : parkedNs) - ofThatQueuedNs);
            api.answered(ofThatQueuedNs, ofThatWorkNs, Math.max(0, tookNs - ofThatQueuedNs - ofThatWorkNs));
        }

        /** What it is answered with. */
        void answeredWith(ErrorCode error) {
            api.answeredWith(meters.meters, error);
        }

        /** What it is answered with. */
        void answeredWith(ApiResponse response) {
            AnsweredErrors.of(response, this::answeredWith);
        }

        /** Its client is told to rest, or not to, where something holds it. */
        void throttled(int forMs) {
            api.throttled(forMs * NANOS_PER_MS);
        }

        /** The answer is handed to the socket. */
        void written() {
            writtenNs = handing == Thread.currentThread() ? answeredNs : sinceArrivalNs();
        }

        /** The answer has left. @param atNs the monotonic time */
        void sent(int bytes, long atNs, RequestHeader header, ConnectionContext connection) {
            long nowNs = atNs - arrivedNs;
            long handedNs = writtenNs < 0 ? nowNs : writtenNs;
            api.left(Math.max(0, handedNs - answeredNs), Math.max(0, nowNs - handedNs), nowNs, bytes);
            if (meters.slow != null) {
                long ofThatWorkNs = parkedNs < 0 ? answeredNs : parkedNs;
                meters.slow.look(header, connection, ofThatWorkNs, answeredNs - ofThatWorkNs, nowNs - answeredNs);
            }
        }
    }
}
