package io.odradek.server.strangers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.odradek.core.security.oauth.UnsecuredTokens;
import io.odradek.core.security.sasl.PlainClientExchange;
import io.odradek.core.security.sasl.SaslClientExchange;
import io.odradek.core.security.sasl.SaslRefusedException;
import io.odradek.core.security.scram.ScramClientExchange;
import io.odradek.core.security.scram.ScramMechanism;
import io.odradek.storage.env.Randoms;
import java.util.List;
import java.util.Random;

/**
 * What a stranger logs in with.
 *
 * @param mechanism by which
 * @param right whether it would be let in
 * @param exchange its side of the login
 */
record Credentials(String mechanism, boolean right, SaslClientExchange exchange) {
    static final List<String> MECHANISMS = List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER");
    static final String USER = "visitor";
    static final String PASSWORD = "open sesame, and nothing else";
    private static final int RIGHT_PERCENT = 15;
    private static final long MINUTE_MS = 60_000;

    static Credentials any(Random random, Randoms randoms) {
        String mechanism = MECHANISMS.get(random.nextInt(MECHANISMS.size()));
        boolean right = random.nextInt(100) < RIGHT_PERCENT;
        String password = right ? PASSWORD : "sesame " + random.nextInt();
        return new Credentials(mechanism, right, exchange(mechanism, right, password, randoms));
    }

    private static SaslClientExchange exchange(String mechanism, boolean right, String password, Randoms randoms) {
        return switch (mechanism) {
            case "PLAIN" -> new PlainClientExchange(USER, password);
            case "OAUTHBEARER" -> new Bearer(right);
            default -> new ScramClientExchange(ScramMechanism.of(mechanism), USER, password, randoms);
        };
    }

    /** {@return whether an answer without an error says that one is in} */
    boolean letIn(byte[] token) {
        return switch (mechanism) {
            case "PLAIN", "OAUTHBEARER" -> token.length == 0;
            default -> new String(token, UTF_8).startsWith("v=");
        };
    }

    /** A token that nobody signs, valid or expired. */
    private record Bearer(boolean right) implements SaslClientExchange {
        @Override
        public byte[] first() {
            long nowMs = System.currentTimeMillis();
            long untilMs = right ? nowMs + MINUTE_MS : nowMs - MINUTE_MS;
            return ("n,,\1auth=Bearer " + UnsecuredTokens.token(USER, untilMs - MINUTE_MS, untilMs) + "\1\1")
                    .getBytes(UTF_8);
        }

        /** What is wrong with the token has been told: one says that one has heard it (RFC 7628). */
        @Override
        public byte[] next(byte[] challenge) {
            if (challenge.length == 0) {
                throw new SaslRefusedException("there is nothing to say");
            }
            return new byte[] {1};
        }
    }
}
