package io.odradek.core.cluster;

import io.odradek.core.coordination.CoordinationSession;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Is told of a broker's terms in the cluster: from its registration to the end of the session that it registered with.
 * Called on the cluster loop.
 */
public interface TermListener {
    /**
     * The broker is registered. What was known of the tree is to be read anew, and watched again: watches have ended with the
     * session before.
     *
     * @param session this term's way to the tree; after the term its calls fail with SESSION_EXPIRED
     * @param brokerEpoch tells this registration from all others in the cluster's life; it only grows
     * @return completes when this listener has begun; what fails later than in the first term is its own to try again
     */
    default CompletionStage<Void> termBegan(CoordinationSession session, long brokerEpoch) {
        return CompletableFuture.completedStage(null);
    }

    /**
     * The session has ended, and others may have taken this broker's place: it must give up at once what it has because of
     * its registration. May come without {@link #termBegan}.
     *
     * @return completes when it has; the broker does not register again before
     */
    CompletionStage<Void> termEnded();
}
