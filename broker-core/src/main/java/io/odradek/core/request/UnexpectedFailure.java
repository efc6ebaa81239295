package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import io.odradek.protocol.api.ApiKey;
import io.odradek.protocol.api.RequestHeader;
import io.odradek.protocol.errors.ErrorCode;
import io.odradek.protocol.errors.Quoted;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happens when the code that serves a request fails in a way nobody foresaw: the one place that decides it. The client
 * is told UNKNOWN_SERVER_ERROR. The log says what went wrong: the first time with the trace, and when the same has happened
 * twice, four times, eight times as often in one line; what lies between only at debug. So a request that always fails does
 * not fill the disk.
 */
public final class UnexpectedFailure {
    private static final Logger LOG = LoggerFactory.getLogger(UnexpectedFailure.class);
    private static final String TOLD = "The broker failed to serve the request; its log says why";

    /** How often each kind, an exception's class in an API, has happened: there are no more than classes in the code. */
    private static final Map<String, AtomicLong> TIMES = new ConcurrentHashMap<>();

    private UnexpectedFailure() {}

    /** Logs the failure and answers. The request should not have been answered; if it was, the client hears nothing. */
    public static void answer(RequestContext context, Throwable failure) {
        log(context, failure);
        try {
            context.fail(ErrorCode.UNKNOWN_SERVER_ERROR, TOLD);
        } catch (IllegalStateException answered) {
            LOG.debug("The request that failed had been answered", answered);
        }
    }

    /** Logs the failure and closes the connection: for requests that are not answered. */
    public static void close(RequestContext context, Throwable failure) {
        log(context, failure);
        context.closeConnection("the broker failed to serve a request that has no answer");
    }

    private static void log(RequestContext context, Throwable failure) {
        RequestHeader header = context.header();
        ApiKey api = ApiKey.of(header.apiKey());
        String kind = api + " " + failure.getClass().getName();
        long times = TIMES.computeIfAbsent(kind, any -> new AtomicLong()).incrementAndGet();
        String peer = context.connection().id();
        if (times == 1) {
            LOG.error("{} version {} from {} failed", api, header.apiVersion(), peer, failure);
        } else if (Long.bitCount(times) == 1) {
            LOG.error(
                    "{} version {} from {} failed, as {} times by now: {}",
                    api,
                    header.apiVersion(),
                    peer,
                    times,
                    Quoted.text(failure.toString()));
        } else {
            LOG.debug("{} version {} from {} failed", api, header.apiVersion(), peer, failure);
        }
    }
}
