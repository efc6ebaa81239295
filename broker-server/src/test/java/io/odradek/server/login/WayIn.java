package io.odradek.server.login;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A way for clients to come in.
 *
 * @param listener the name of a listener of {@link FiveListeners}
 * @param mechanism by which one logs in there; null where one need not
 */
public record WayIn(String listener, String mechanism) {
    /** {@return each protocol, with each mechanism that it has} */
    public static List<WayIn> all() {
        List<WayIn> ways = new ArrayList<>();
        for (String listener : List.of("PLAINTEXT", "SSL", "MUTUAL")) {
            ways.add(new WayIn(listener, null));
        }
        for (String listener : List.of("SASL_PLAINTEXT", "SASL_SSL")) {
            for (String mechanism : List.of("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "OAUTHBEARER")) {
                ways.add(new WayIn(listener, mechanism));
            }
        }
        return ways;
    }

    /** {@return each on which a password is asked for} */
    public static List<WayIn> withPasswords() {
        return all().stream()
                .filter(way -> way.mechanism != null && !way.mechanism.equals("OAUTHBEARER"))
                .toList();
    }

    /** {@return the protocol, as clients have to name it} */
    public String protocol() {
        return listener.equals("MUTUAL") ? "SSL" : listener;
    }

    public boolean isEncrypted() {
        return listener.endsWith("SSL") || listener.equals("MUTUAL");
    }

    public boolean isMutual() {
        return listener.equals("MUTUAL");
    }

    /** {@return a name that a topic or a group may have} */
    public String topic() {
        return (listener + (mechanism == null ? "" : "-" + mechanism)).toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return topic();
    }
}
