package io.odradek.server.login.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.config.ConfigException;
import io.odradek.core.config.ListenerSettings;
import io.odradek.core.coordination.json.JsonReader;
import io.odradek.core.security.sasl.SaslRefusedException;
import io.odradek.storage.env.FewLines;
import io.odradek.storage.env.Guests;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * The token by which this broker logs in with others: from a file, or given out for its identifier and its secret (KIP-768). It is
 * fetched when the broker starts, and again when somebody asks for it after a part of its life; meanwhile it is the old one.
 * Thread-safe.
 */
public final class OwnTokens {
    /** Where they come from. */
    public static final String URL = "sasl.oauthbearer.token.endpoint.url";

    private static final int COMMON_TIMEOUT_MS = 10_000;
    private static final int MOST_BYTES = 65_536;
    private static final int MOST_DOUBLINGS = 30;
    private static final int PARTS_OF_ONE = 1_000;
    private static final int CLAIMS = 1;

    private final Source source;
    private final Pace pace;
    private final String name;
    private final Guests guests;
    private final Executor away;
    private final FewLines lines;
    private volatile Held held;
    private boolean underWay;
    private int failures;
    private long failedNs;

    /** Gives out tokens; it may block. */
    interface Source {
        String fetch() throws IOException;
    }

    /**
     * When they are fetched anew.
     *
     * @param part of its life after which one is
     * @param jitter up to how much more than that
     * @param leastMs how long it takes at least, ms
     * @param bufferMs how long before its end at the latest, ms
     * @param retryMs the first wait after a failure, ms
     * @param mostRetryMs the longest, ms
     */
    record Pace(double part, double jitter, long leastMs, long bufferMs, long retryMs, long mostRetryMs) {
        static Pace of(ListenerSettings settings) {
            String refresh = "sasl.login.refresh.";
            return new Pace(
                    settings.real(refresh + "window.factor"),
                    settings.real(refresh + "window.jitter"),
                    TimeUnit.SECONDS.toMillis(settings.int32(refresh + "min.period.seconds")),
                    TimeUnit.SECONDS.toMillis(settings.int32(refresh + "buffer.seconds")),
                    settings.int64("sasl.login.retry.backoff.ms"),
                    settings.int64("sasl.login.retry.backoff.max.ms"));
        }

        /** {@return when one is fetched anew, on the clock of the wall} @param fraction which part of the jitter, up to 1 */
        long refreshAtMs(long nowMs, long expiresAtMs, double fraction) {
            long lifeMs = expiresAtMs - nowMs;
            long wantedMs = nowMs + (long) (lifeMs * (part + jitter * fraction));
            return lifeMs <= leastMs + bufferMs
                    ? wantedMs
                    : Math.max(nowMs + leastMs, Math.min(wantedMs, expiresAtMs - bufferMs));
        }
    }

    private record Held(String token, long refreshAtMs, long expiresAtMs) {}

    /** @param name of the source, for the log */
    OwnTokens(Source source, String name, Pace pace, Guests guests, Executor away) {
        this.source = source;
        this.name = name;
        this.pace = pace;
        this.guests = guests;
        this.away = away;
        this.lines = new FewLines(LoggerFactory.getLogger(OwnTokens.class), guests.clock());
        fetch();
    }

    /**
     * {@return the tokens of a listener's settings, of which the first is on its way}
     *
     * @param options of the login module: {@code clientId}, {@code clientSecret}, {@code scope}, and what begins with {@code ssl.}
     * @param away where they are fetched
     * @throws ConfigException if there are none; its message is one line
     */
    public static OwnTokens of(ListenerSettings settings, Map<String, String> options, Guests guests, Executor away) {
        Endpoint endpoint = Endpoint.of(settings, URL, "tokens");
        Source source;
        if (endpoint.isFile()) {
            KeySource file = KeySource.file(endpoint.file(), MOST_BYTES);
            source = () -> new String(file.read(), UTF_8).strip();
        } else {
            BoundedHttp http = new BoundedHttp(
                    endpoint.sockets(options),
                    timeoutMs(settings, "sasl.login.connect.timeout.ms"),
                    timeoutMs(settings, "sasl.login.read.timeout.ms"),
                    MOST_BYTES);
            Map<String, String> headers = Map.of(
                    "Authorization",
                    "Basic " + base64(require(options, "clientId") + ":" + require(options, "clientSecret")),
                    "Content-Type",
                    "application/x-www-form-urlencoded");
            byte[] body = body(options.get("scope"));
            source = () -> granted(http.post(endpoint.address(), headers, body));
        }
        return new OwnTokens(source, endpoint.toString(), Pace.of(settings), guests, away);
    }

    private static int timeoutMs(ListenerSettings settings, String name) {
        return settings.isSet(name) ? settings.int32(name) : COMMON_TIMEOUT_MS;
    }

    private static String require(Map<String, String> options, String option) {
        String value = options.get(option);
        if (value == null) {
            throw new ConfigException("The login module of OAUTHBEARER of the listener between brokers has no " + option
                    + ", for which " + URL + " gives out tokens");
        }
        return value;
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static byte[] body(String scope) {
        String all = "grant_type=client_credentials"
                + (scope == null || scope.isBlank() ? "" : "&scope=" + URLEncoder.encode(scope.strip(), UTF_8));
        return all.getBytes(UTF_8);
    }

    private static String granted(byte[] answer) throws IOException {
        try {
            return JsonReader.readObject(answer).stringAt("access_token");
        } catch (RuntimeException noToken) {
            throw new IOException("its answer has no access_token", noToken);
        }
    }

    /**
     * {@return a token that is valid now}
     *
     * @throws SaslRefusedException if there is none; then one is on its way
     */
    public String token() {
        Held now = held;
        long nowMs = guests.clock().wallMs();
        if (now == null || nowMs >= now.refreshAtMs()) {
            fetch();
            now = held;
        }
        if (now == null || nowMs >= now.expiresAtMs()) {
            throw new SaslRefusedException("this broker has no token to show now, and waits for one from " + name);
        }
        return now.token();
    }

    private synchronized void fetch() {
        boolean tooSoon = failures > 0
                && TimeUnit.NANOSECONDS.toMillis(guests.clock().monotonicNs() - failedNs)
                        < Math.min(pace.mostRetryMs(), pace.retryMs() << Math.min(failures - 1, MOST_DOUBLINGS));
        if (underWay || tooSoon) {
            return;
        }
        try {
            underWay = true;
            away.execute(this::take);
        } catch (RejectedExecutionException ending) {
            underWay = false;
        }
    }

    private void take() {
        try {
            String token = source.fetch();
            long expiresAtMs = expiresAtMs(token);
            long nowMs = guests.clock().wallMs();
            if (expiresAtMs <= nowMs) {
                throw new IOException("it gives out a token that has expired");
            }
            double fraction = (double) guests.randoms().nextInt(PARTS_OF_ONE) / PARTS_OF_ONE;
            synchronized (this) {
                held = new Held(token, pace.refreshAtMs(nowMs, expiresAtMs, fraction), expiresAtMs);
                failures = 0;
            }
        } catch (IOException | RuntimeException failure) {
            synchronized (this) {
                failures++;
                failedNs = guests.clock().monotonicNs();
            }
            lines.warn("No token for this broker's logins with others can be had from " + name + ": "
                    + (failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage()));
        } finally {
            synchronized (this) {
                underWay = false;
            }
        }
    }

    /** What it says of itself has to be believed: others check whether it is signed. */
    private static long expiresAtMs(String token) throws IOException {
        try {
            byte[] claims = Base64.getUrlDecoder().decode(token.split("\\.", -1)[CLAIMS]);
            Object seconds = JsonReader.readObject(claims).fields().get("exp");
            return TimeUnit.SECONDS.toMillis(((Number) seconds).longValue());
        } catch (RuntimeException noToken) {
            throw new IOException("what it gives out is no token that says until when it is valid", noToken);
        }
    }
}
