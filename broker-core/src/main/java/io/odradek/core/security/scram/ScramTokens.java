package io.odradek.core.security.scram;

/** Knows the delegation tokens by which one can log in (KIP-48). */
@FunctionalInterface
public interface ScramTokens {
    /** {@return what is known of a token, null if there is none of that identifier which is valid; from any thread} */
    ScramExchange.Found find(ScramMechanism mechanism, String tokenId);
}
