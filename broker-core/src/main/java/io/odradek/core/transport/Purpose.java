package io.odradek.core.transport;

/**
 * What a connection to another broker is for.
 *
 * @param listener the other's listener that it goes to, by whose settings this broker logs in
 * @param clientId how this broker calls itself on it, such as {@code broker-1-fetcher-0}; null for not at all
 * @param receiveBufferBytes SO_RCVBUF, negative to leave it to the system
 */
public record Purpose(String listener, String clientId, int receiveBufferBytes) {
    private static final int SYSTEMS_CHOICE = -1;

    /** {@return a purpose that needs no more than a name} */
    public static Purpose of(String listener, String clientId) {
        return new Purpose(listener, clientId, SYSTEMS_CHOICE);
    }
}
