package io.odradek.server.login;

import io.odradek.core.security.sasl.Mechanisms;
import io.odradek.core.security.sasl.SaslExchange;
import io.odradek.core.security.sasl.SaslStep.Refused;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** The mechanisms of one listener, as its settings are now. Thread-safe. */
final class LiveMechanisms implements Mechanisms {
    /** Nobody can log in. */
    private volatile Known known = new Known(List.of(), Map.of(), Map.of());

    /**
     * What the settings come to at one time.
     *
     * @param names as clients are told them
     * @param exchanges begin logins, by mechanism
     * @param maxReauthMs how long these last, by mechanism
     */
    record Known(List<String> names, Map<String, Supplier<SaslExchange>> exchanges, Map<String, Long> maxReauthMs) {}

    /** These hold for logins that begin from now on. */
    void take(Known now) {
        known = now;
    }

    @Override
    public List<String> names() {
        return known.names();
    }

    @Override
    public SaslExchange open(String mechanism) {
        Supplier<SaslExchange> exchange = known.exchanges().get(mechanism);
        return exchange == null ? takenAway(mechanism) : exchange.get();
    }

    private static SaslExchange takenAway(String mechanism) {
        String message = "SASL mechanism '" + mechanism + "' is not enabled any more";
        return token -> CompletableFuture.completedStage(new Refused(message, message));
    }

    @Override
    public long maxReauthMs(String mechanism) {
        return known.maxReauthMs().getOrDefault(mechanism, 0L);
    }
}
