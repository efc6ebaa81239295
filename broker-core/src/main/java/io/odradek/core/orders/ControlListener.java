package io.odradek.core.orders;

/**
 * How controller and brokers reach each other.
 *
 * @param brokerId this broker's id, which its connections are named after
 * @param name the listener over which they talk: {@code control.plane.listener.name}, or else that of all brokers
 * @param timeoutMs {@code controller.socket.timeout.ms}
 */
public record ControlListener(int brokerId, String name, int timeoutMs) {}
