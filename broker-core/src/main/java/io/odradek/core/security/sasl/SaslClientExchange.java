package io.odradek.core.security.sasl;

/** One login as the client sees it: this broker, where it connects to another. Used by one caller at a time. */
public interface SaslClientExchange {
    /** {@return the first token} */
    byte[] first();

    /**
     * Takes the server's next token.
     *
     * @return the answer, null if there is nothing left to be said
     * @throws SaslRefusedException if the server cannot be trusted, or has refused
     */
    byte[] next(byte[] challenge);
}
