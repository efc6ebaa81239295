package io.odradek.server.login.jwt;

import io.odradek.storage.env.Clock;
import io.odradek.storage.env.FewLines;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.lang.JoseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that tokens are checked with. They are fetched away from whoever asks for them, one fetch at a time: when they are old
 * and somebody asks, those who ask are given the old ones for as long again, and wait for the new ones after that. Keys that
 * cannot be fetched now stay as they are. Thread-safe.
 */
final class KeyRing {
    private static final Logger LOG = LoggerFactory.getLogger(KeyRing.class);
    private static final int MOST_DOUBLINGS = 30;

    private final KeySource source;
    private final String name;
    private final Pace pace;
    private final Clock clock;
    private final Executor away;
    private final FewLines lines;
    private volatile Keys current;
    private CompletableFuture<List<JsonWebKey>> underWay;
    private int failures;
    private long failedNs;
    private long askedForUnknownNs;
    private boolean askedForUnknown;

    /**
     * How often keys are fetched, in milliseconds.
     *
     * @param refreshMs how long they are young
     * @param retryMs how long the first wait is after a failure
     * @param mostRetryMs how long the longest is
     * @param unknownMs how long the wait is between two fetches for a key that is not among them
     */
    record Pace(long refreshMs, long retryMs, long mostRetryMs, long unknownMs) {}

    private record Keys(List<JsonWebKey> keys, long sinceNs) {}

    /**
     * @param name of the source, for the log
     * @param away where it is read
     */
    KeyRing(KeySource source, String name, Pace pace, Clock clock, Executor away) {
        this.source = source;
        this.name = name;
        this.pace = pace;
        this.clock = clock;
        this.away = away;
        this.lines = new FewLines(LOG, clock);
    }

    /**
     * Reads the keys now.
     *
     * @throws IOException if there are none; the message says why
     */
    void read() throws IOException {
        current = new Keys(parse(source.read()), clock.monotonicNs());
    }

    /** {@return the keys, at once or when they have been fetched; null if there are none} It never fails. */
    CompletionStage<List<JsonWebKey>> keys() {
        Keys known = current;
        long ageMs = known == null ? Long.MAX_VALUE : sinceMs(known.sinceNs());
        if (ageMs < pace.refreshMs()) {
            return CompletableFuture.completedStage(known.keys());
        }
        CompletionStage<List<JsonWebKey>> fetch = fetch();
        return ageMs / 2 < pace.refreshMs() ? CompletableFuture.completedStage(known.keys()) : fetch;
    }

    /** {@return the keys as they are after those, in which one was looked for in vain; null if it is too soon to ask} */
    CompletionStage<List<JsonWebKey>> after(List<JsonWebKey> those) {
        Keys known = current;
        if (known != null && known.keys() != those) {
            return CompletableFuture.completedStage(known.keys());
        }
        synchronized (this) {
            if (underWay == null) {
                if (askedForUnknown && sinceMs(askedForUnknownNs) < pace.unknownMs()) {
                    return null;
                }
                askedForUnknown = true;
                askedForUnknownNs = clock.monotonicNs();
            }
        }
        return fetch();
    }

    private long sinceMs(long ns) {
        return TimeUnit.NANOSECONDS.toMillis(clock.monotonicNs() - ns);
    }

    private synchronized CompletionStage<List<JsonWebKey>> fetch() {
        if (underWay != null) {
            return underWay;
        }
        if (failures > 0 && sinceMs(failedNs) < waitMs()) {
            return CompletableFuture.completedStage(known());
        }
        CompletableFuture<List<JsonWebKey>> begun = new CompletableFuture<>();
        try {
            underWay = begun;
            away.execute(() -> take(begun));
        } catch (RejectedExecutionException ending) {
            underWay = null;
            return CompletableFuture.completedStage(known());
        }
        return begun;
    }

    private long waitMs() {
        return Math.min(pace.mostRetryMs(), pace.retryMs() << Math.min(failures - 1, MOST_DOUBLINGS));
    }

    private List<JsonWebKey> known() {
        Keys known = current;
        return known == null ? null : known.keys();
    }

    private void take(CompletableFuture<List<JsonWebKey>> begun) {
        try {
            List<JsonWebKey> fetched = parse(source.read());
            synchronized (this) {
                if (current == null || failures > 0) {
                    LOG.info("There are {} keys of tokens from {}", fetched.size(), name);
                }
                current = new Keys(fetched, clock.monotonicNs());
                failures = 0;
            }
        } catch (IOException | RuntimeException failure) {
            synchronized (this) {
                failures++;
                failedNs = clock.monotonicNs();
            }
            lines.warn("The keys of tokens cannot be had from " + name + ": " + words(failure)
                    + (current == null ? ". Nobody can log in by them" : ". Those that were had before go on to hold"));
        } finally {
            synchronized (this) {
                underWay = null;
            }
            begun.complete(known());
        }
    }

    private static String words(Exception failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static List<JsonWebKey> parse(byte[] text) throws IOException {
        List<JsonWebKey> keys;
        try {
            keys = new JsonWebKeySet(new String(text, StandardCharsets.UTF_8)).getJsonWebKeys();
        } catch (JoseException | RuntimeException bad) {
            // The message may have parts of the text in it.
            throw new IOException("it is no set of keys in JSON (RFC 7517)", bad);
        }
        if (keys.isEmpty()) {
            throw new IOException("it is a set of keys with no key that can be used");
        }
        return List.copyOf(keys);
    }
}
