package io.odradek.server.net;

import io.odradek.core.security.sasl.SaslExchange;

/**
 * How far a connection's login is.
 *
 * <pre>
 *  Unknown -- SaslHandshake --> Exchanging -- token --> Exchanging, or Asking where somebody else decides
 *  Exchanging, Asking -- accepted --> LoggedIn        Exchanging, Asking -- refused --> Over
 *  LoggedIn -- SaslHandshake, where a login does not last --> Exchanging, which knows who it was
 * </pre>
 */
sealed interface LoginState {
    LoginState UNKNOWN = new Unknown();
    LoginState OVER = new Over();

    /** Nothing is known; nothing but ApiVersions and SaslHandshake is heard. */
    record Unknown() implements LoginState {}

    /**
     * Tokens go to and fro, and nothing else.
     *
     * @param mechanism the mechanism
     * @param exchange takes the tokens
     * @param bare whether they come without a header, as after SaslHandshake 0
     * @param before who it was until now, null for nobody
     */
    record Exchanging(String mechanism, SaslExchange exchange, boolean bare, LoggedIn before) implements LoginState {}

    /** Somebody has been asked about the last token; until then nothing is heard. */
    record Asking(Exchanging exchanging) implements LoginState {}

    /**
     * It is known who it is.
     *
     * @param mechanism how that became known
     * @param principal who
     * @param sinceNs when that was, on the monotonic clock
     * @param expiresNs when it is not known any more, {@link Long#MAX_VALUE} for never
     */
    record LoggedIn(String mechanism, String principal, long sinceNs, long expiresNs) implements LoginState {
        /** {@return whether this is so until the connection ends} */
        boolean lasts() {
            return expiresNs == Long.MAX_VALUE;
        }
    }

    /** It was refused: nothing is heard, and the connection ends. */
    record Over() implements LoginState {}
}
