package io.odradek.core.security.token;

import io.odradek.core.config.BrokerConfig;

/**
 * How much clients can make of tokens.
 *
 * @param most how many there may be for another one to be made
 * @param mostBytes how many bytes of the tree one may take
 */
public record TokenLimits(int most, int mostBytes) {
    /** The setting of {@link #most}. */
    static final String MOST = "odradek.delegation.tokens.max";

    /** The setting of {@link #mostBytes}. */
    static final String MOST_BYTES = "odradek.delegation.token.max.bytes";

    /** {@return those that are configured} */
    public static TokenLimits of(BrokerConfig config) {
        return new TokenLimits(config.int32(MOST), config.int32(MOST_BYTES));
    }
}
