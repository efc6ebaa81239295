package io.odradek.core.coordination;

/** A broker's session with a {@link CoordinationStore}: its ephemeral nodes live as long as it does. */
public interface CoordinationSession extends CoordinationStore, AutoCloseable {
    /** Ends the session at the broker's wish: its ephemeral nodes vanish; the expiry listeners are not called. */
    @Override
    void close();
}
