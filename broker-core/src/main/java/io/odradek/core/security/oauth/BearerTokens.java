package io.odradek.core.security.oauth;

import java.util.concurrent.CompletionStage;

/** Decides about tokens. Thread-safe. */
public interface BearerTokens {
    /** {@return what comes of a token, at once or, where keys have to be fetched, on any thread} */
    CompletionStage<Verdict> check(String token);

    /** What comes of a token. */
    sealed interface Verdict {
        /**
         * It is valid.
         *
         * @param principal whom it names
         * @param expiresAtMs until when, in milliseconds since the epoch
         */
        record Valid(String principal, long expiresAtMs) implements Verdict {}

        /**
         * It is not.
         *
         * @param status for the client, as RFC 7628 has it: {@code invalid_token} or {@code insufficient_scope}
         * @param reason for the log, without the token
         * @param scope for the client: what would have been enough, null for nothing
         * @param configuration for the client: where it is told how to get a token, null for nowhere
         */
        record Invalid(String status, String reason, String scope, String configuration) implements Verdict {
            /** One that helps the client no further. */
            public Invalid(String status, String reason) {
                this(status, reason, null, null);
            }

            /** {@return a token that is no good, for whatever reason} */
            public static Invalid token(String reason) {
                return new Invalid("invalid_token", reason);
            }
        }
    }
}
