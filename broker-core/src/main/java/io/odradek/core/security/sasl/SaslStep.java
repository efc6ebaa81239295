package io.odradek.core.security.sasl;

/**
 * What comes of a token that a client has sent.
 *
 * <pre>
 *  token ---> Challenge ---> token ---> ... ---> Accepted
 *      \              \
 *       +--------------+---> Refused
 * </pre>
 */
public sealed interface SaslStep {
    /** The exchange goes on. */
    record Challenge(byte[] token) implements SaslStep {}

    /**
     * The client is who it says it is.
     *
     * @param token the last that is sent, perhaps empty
     * @param login who that is
     */
    record Accepted(byte[] token, Login login) implements SaslStep {}

    /**
     * The client may not come in. Nothing more is taken of it.
     *
     * @param message for the client; null for the words that all mechanisms share. It tells nothing that helps to guess
     * @param reason for the log, with no secret in it
     */
    record Refused(String message, String reason) implements SaslStep {}

    /**
     * Who has logged in.
     *
     * @param name the name of the user
     * @param byToken whether with a delegation token (KIP-48)
     * @param expiresAtMs when what it has shown is not valid any more, in milliseconds since the epoch; {@link Long#MAX_VALUE}
     *     for never
     */
    record Login(String name, boolean byToken, long expiresAtMs) {
        /** {@return a login that lasts} */
        public static Login of(String name) {
            return new Login(name, false, Long.MAX_VALUE);
        }
    }
}
