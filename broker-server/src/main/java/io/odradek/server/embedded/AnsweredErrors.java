package io.odradek.server.embedded;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.ApiResponse;
import io.odradek.protocol.api.FetchResponse;
import io.odradek.protocol.api.ProduceResponse;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.storage.env.Clock;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The last errors that clients were answered with, for who wonders why a test has failed. Thread-safe. */
final class AnsweredErrors {
    private static final int MOST_KEPT = 20;

    /** The second step of every join. */
    private static final Set<ErrorCode> USUAL = EnumSet.of(ErrorCode.NONE, ErrorCode.MEMBER_ID_REQUIRED);

    /** A client that is newer than the broker asks for its versions twice. */
    private static final ErrorCode USUAL_OF_VERSIONS = ErrorCode.UNSUPPORTED_VERSION;

    private record Seen(String time, String what, int times) {
        String line() {
            return time + " " + what + (times == 1 ? "" : ", " + times + " times");
        }
    }

    private final Clock clock;
    private final Deque<Seen> newestFirst = new ArrayDeque<>();
    private volatile boolean watching;

    /** @param clock says when they were answered */
    AnsweredErrors(Clock clock) {
        this.clock = clock;
    }

    /** Keeps errors from now on. */
    void watch() {
        watching = true;
    }

    /** {@return the way back of a request, on which errors are seen if there is to be seen to it} */
    RequestContext seenBy(RequestContext context) {
        return watching ? new Watched(context) : context;
    }

    /** {@return the newest first} */
    synchronized List<String> lines() {
        return newestFirst.stream().map(Seen::line).toList();
    }

    private void note(RequestHeader header, Set<ErrorCode> errors) {
        ApiKey api = ApiKey.of(header.apiKey());
        errors.removeAll(USUAL);
        if (api == ApiKey.API_VERSIONS) {
            errors.remove(USUAL_OF_VERSIONS);
        }
        if (!errors.isEmpty()) {
            String named = errors.size() == 1 ? errors.iterator().next().name() : errors.toString();
            note(api + " of " + header.clientId() + ": " + named);
        }
    }

    private synchronized void note(String what) {
        Seen before = newestFirst.peek();
        boolean again = before != null && before.what().equals(what);
        if (again) {
            newestFirst.poll();
        } else if (newestFirst.size() == MOST_KEPT) {
            newestFirst.pollLast();
        }
        String time = Instant.ofEpochMilli(clock.wallMs())
                .truncatedTo(ChronoUnit.MILLIS)
                .toString();
        newestFirst.push(new Seen(time, what, again ? before.times() + 1 : 1));
    }

    /** What is answered most often is not looked at by reflection. */
    private static Set<ErrorCode> in(ApiResponse response) {
        Set<ErrorCode> found = EnumSet.noneOf(ErrorCode.class);
        if (response instanceof ProduceResponse produced) {
            produced.responses()
                    .forEach(topic -> topic.partitionResponses().forEach(one -> found.add(one.errorCode())));
        } else if (response instanceof FetchResponse fetched) {
            found.add(fetched.errorCode());
            fetched.responses().forEach(topic -> topic.partitions().forEach(one -> found.add(one.errorCode())));
        } else {
            collect(response, found);
        }
        return found;
    }

    private static void collect(Object value, Set<ErrorCode> found) {
        if (value instanceof ErrorCode error) {
            found.add(error);
        } else if (value instanceof List<?> many) {
            many.forEach(one -> collect(one, found));
        } else if (value instanceof Record message) {
            for (RecordComponent component : message.getClass().getRecordComponents()) {
                collect(NamedPartitions.valueOf(component, message), found);
            }
        }
    }

    private final class Watched extends PassingContext {
        Watched(RequestContext context) {
            super(context);
        }

        @Override
        public void respond(ApiResponse response) {
            note(header(), in(response));
            context().respond(response);
        }

        @Override
        public void fail(ErrorCode error, String message) {
            note(header(), EnumSet.of(error));
            context().fail(error, message);
        }
    }
}
