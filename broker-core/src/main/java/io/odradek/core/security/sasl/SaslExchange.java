package io.odradek.core.security.sasl;

import java.util.concurrent.CompletionStage;

/** One login as the broker sees it. It is used by one caller at a time, and not after it has accepted or refused. */
public interface SaslExchange {
    /**
     * Takes the client's next token.
     *
     * @return what comes of it, at once or, where somebody else has to be asked, on any thread; never fails
     */
    CompletionStage<SaslStep> next(byte[] token);
}
