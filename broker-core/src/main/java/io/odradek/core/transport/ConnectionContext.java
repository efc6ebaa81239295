package io.odradek.core.transport;

import java.net.InetAddress;

/**
 * The connection a request came over.
 *
 * @param id {@code localHost:localPort-remoteHost:remotePort-sequence}, unique in this broker
 * @param listenerName the listener it was accepted on, such as {@code PLAINTEXT}
 * @param clientAddress the peer's address
 * @param principal who the peer is, such as {@code User:ANONYMOUS}
 */
public record ConnectionContext(String id, String listenerName, InetAddress clientAddress, String principal) {}
