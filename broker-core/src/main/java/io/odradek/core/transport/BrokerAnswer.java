package io.odradek.core.transport;

import io.odradek.protocol.api.ApiResponse;

/** Another broker's answer. Record data in it are slices of the network's buffer, which {@link #close} gives back. */
public interface BrokerAnswer extends AutoCloseable {
    /** {@return the answer; its record data are to be touched before it is closed, everything else stays valid} */
    ApiResponse response();

    /** Gives the network's buffer back; from any thread, once. */
    @Override
    void close();
}
